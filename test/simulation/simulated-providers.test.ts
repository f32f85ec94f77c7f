/** The providers without HTTP: they take what the connectors send, move what they offer, and tell of it. */
import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../lib/providers/http.ts";
import { type Offer, offers } from "./offers.ts";
import { approach, referenceOf, small, stage } from "./provider-rig.ts";

const named = offers.map((offer) => [`${offer.connection}: ${offer.kind} from ${offer.purse}`, offer] as const);

describe("every offer", () => {
  test.each(named)("%s settles, by one movement", async (_name, offer) => {
    const run = stage();
    const { calls, order, token } = await approach(run, offer, small);
    const outcome = await calls.submit(order, token);
    expect(["settled", "accepted"]).toContain(outcome.kind);
    const found = await calls.lookUp(order, token);
    expect(found).toMatchObject({ kind: "read", value: { kind: "found", outcome: { kind: "settled" } } });
    expect(run.movements()).toMatchObject([{ status: "settled", amount: { value: small, currency: offer.currency } }]);
  });

  test.each(named)("%s moves its limit, and nothing beyond it", async (_name, offer) => {
    const run = stage();
    const { limit, step = 1 } = offer;
    const whole = await approach(run, offer, limit);
    expect(["settled", "accepted"]).toContain((await whole.calls.submit(whole.order, whole.token)).kind);
    const more = await approach(run, offer, step, 2);
    // Where the documents name no such refusal, it leaves doubt.
    expect(["declined", "unknown"]).toContain((await more.calls.submit(more.order, more.token)).kind);
    expect(run.movements()).toHaveLength(1);
  });

  test("is made through a connection that can be called, and every connection has one", async () => {
    const { configured, broken } = await stage().book.all();
    expect(broken).toEqual([]);
    expect(new Set(offers.map(({ connection }) => connection))).toEqual(new Set(configured.map(({ id }) => id)));
  });
});

describe("a request", () => {
  test("tells what it moved, all shares of a split", async () => {
    const run = stage();
    const offer = offers.find(({ linkedAccounts }) => linkedAccounts) as Offer;
    const [linkedAccount = ""] = Object.keys(offer.linkedAccounts ?? {});
    const { calls, order, token } = await approach(run, offer, small);
    await calls.submit({ ...order, splits: [{ linkedAccount, amount: 100 }] } as typeof order, token);
    const sent = run.requests.at(-1) as HttpRequest;
    expect(run.movements().map(({ account, amount }) => [account, amount.value])).toEqual([
      ["89987201", 400],
      [linkedAccount, 100],
    ]);
    expect(run.exchange(sent)).toMatchObject({ status: 409, moved: [], operation: "refund" });
  });

  test("meets what a switch was turned to", async () => {
    const run = stage();
    const offer = offers.find(({ connection }) => connection === "mircate") as Offer;
    const { calls, order, token } = await approach(run, offer, small);
    run.turn("mircate", "busy", "on");
    expect((await calls.submit(order, token)).kind).toBe("not-sent");
    expect(run.movements()).toEqual([]);
    expect(() => run.turn("nobody", "busy", "on")).toThrow("no provider");
  });

  test("is answered the same in a second run", async () => {
    const texts = async () => {
      const run = stage();
      for (const [index, offer] of offers.entries()) {
        const { calls, order, token } = await approach(run, offer, small, index);
        await calls.submit(order, token);
      }
      return run.requests.map((request) => withoutLog(run.exchange(request).text));
    };
    const first = await texts();
    expect(first.length).toBeGreaterThan(offers.length);
    expect(await texts()).toEqual(first);
  });

  /** i-payout's own log entry: drawn anew each time, and read by nobody. */
  const withoutLog = (text: string): string => text.replace(/"logIdentifier":"[0-9a-f]{32}"/i, "");
});

describe("webhooks", () => {
  test("go to the connection that was named, signed for its address, and each is told once", async () => {
    const run = stage(["ipayout-openapi"]);
    const offer = offers.find(({ connection }) => connection === "ipayout-openapi") as Offer;
    const { calls, order, token } = await approach(run, offer, small);
    expect(run.webhooks()).toEqual([]);
    await calls.submit(order, token);
    const [webhook, ...others] = run.webhooks();
    if (!webhook) throw new Error("there was none");
    expect(others).toEqual([]);
    expect(run.webhooks()).toEqual([]);
    expect(webhook.connection).toBe("ipayout-openapi");
    const connector = await run.connector(webhook.connection);
    expect(connector.webhooks?.read(webhook)).toMatchObject({
      kind: "authentic",
      hint: { references: [referenceOf(1)] },
    });
    const elsewhere = { ...webhook, url: `${webhook.url}/elsewhere` };
    expect(connector.webhooks?.read(elsewhere)).toMatchObject({ kind: "refused" });
  });

  test("tell of what ripens by time", async () => {
    const run = stage();
    const offer = offers.find(({ connection }) => connection === "nexio") as Offer;
    const { calls, order, token } = await approach(run, offer, small);
    await calls.submit(order, token);
    expect(run.webhooks()).toHaveLength(1);
    run.pass(5_000);
    expect(run.webhooks().map(({ body }) => JSON.parse(body.toString()))).toMatchObject([
      { data: { spendbackStatus: 20 } },
    ]);
  });
});
