/** Facts about delivering webhooks: when, in which order, how often, and when not any more. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/deliver-webhooks.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";
import { captureLog } from "../lambda/api-event.ts";
import { secret } from "../store/webhook-samples.ts";
import { answered, deliveryStage } from "./webhook-delivery-stage.ts";

const log = captureLog();

type Stage = ReturnType<typeof deliveryStage>;

const deliver = ({ tenant, dependencies }: Stage, { id }: Pick<WebhookEndpoint, "id">, remainingMs?: () => number) =>
  run({ tenant, endpoint: id }, dependencies, remainingMs);

/** Runs as often as the schedule would, until nothing is to come. */
async function deliverForDays(stage: Stage, endpoint: WebhookEndpoint, days: number): Promise<void> {
  const minutes = days * 24 * 60;
  for (let minute = 0; minute < minutes; minute++) {
    const due = await stage.dependencies.deliveries.due(endpoint.id, stage.clock.now(), 1);
    if (due.length > 0) await deliver(stage, endpoint);
    stage.clock.advance(60_000);
  }
}

describe("a webhook", () => {
  test("carries its id, the time of the attempt and a signature over both and the body", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    await stage.put(endpoint, 0, { body: "{}", webhookId: "txn_1_2" });
    await deliver(stage, endpoint);
    expect(stage.sent).toEqual([
      {
        at: "2026-11-20T10:00:00.000Z",
        url: "https://receiver.example.com/0",
        body: "{}",
        headers: {
          "content-type": "application/json",
          "user-agent": "moneyback-webhooks/1",
          "webhook-id": "txn_1_2",
          "webhook-timestamp": "1795168800",
          // Computed with Python's hmac and base64.
          "webhook-signature": "v1,zOvJLb6dwhjxBulu6X9gH8XYnQYYHe0yYgkrCnhgSWE=",
        },
      },
    ]);
  });

  test("that is taken succeeds, and is not sent again", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const delivery = await stage.put(endpoint);
    stage.answers(() => answered(204));
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 1 });
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 0 });
    const stored = await stage.stored(delivery);
    expect(stored).toMatchObject({ status: "succeeded", tries: 1 });
    expect(stored.attempts).toEqual([{ at: "2026-11-20T10:00:00.000Z", status: 204, durationMs: 0 }]);
    expect(stored).not.toHaveProperty("nextAttemptAt");
  });

  test("that nobody takes is sent ten times in three days, then fails; the endpoint stays enabled", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const delivery = await stage.put(endpoint);
    stage.answers(() => answered(500));
    await deliverForDays(stage, endpoint, 4);
    const waits = stage.sent.map(({ at }, n) => Date.parse(at) - Date.parse(stage.sent[n - 1]?.at ?? at));
    const seconds = waits.map((ms) => ms / 1_000);
    // Five seconds are waited for; what is longer comes with the next minute of the schedule.
    expect(seconds.slice(0, 2)).toEqual([0, 5]);
    const planned = [300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (const [n, wait] of planned.entries()) {
      expect(seconds[n + 2]).toBeGreaterThanOrEqual(wait);
      expect(seconds[n + 2]).toBeLessThanOrEqual(wait + 60);
    }
    expect(seconds).toHaveLength(10);
    expect(await stage.stored(delivery)).toMatchObject({ status: "failed", failure: "attempts_used_up", tries: 10 });
    expect((await stage.endpoint(endpoint.id)).disabled).toBeUndefined();
  });

  test.each([
    ["a redirect", answered(302)],
    ["a refusal", answered(400)],
    ["no answer in time", { kind: "unanswered", error: "timeout" } as const],
    ["an address that is not allowed", { kind: "unanswered", error: "address-not-allowed" } as const],
  ])("that meets %s comes again", async (_name, answer) => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const delivery = await stage.put(endpoint);
    stage.answers(() => (stage.sent.length === 1 ? answer : answered(200)));
    await deliver(stage, endpoint);
    expect(await stage.stored(delivery)).toMatchObject({ status: "succeeded", tries: 2 });
    expect(await stage.endpoint(endpoint.id)).not.toHaveProperty("failingSince");
  });

  test("says nothing secret in the log", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    await stage.put(endpoint, 0, { body: '{"hush":1}' });
    await deliver(stage, endpoint);
    expect(log.lines()).toMatchObject([{ event: "webhook", endpoint: endpoint.id, outcome: "200", attempts: 1 }]);
    for (const hush of [secret, secret.slice(6), "hush", "v1,", "receiver.example.com"])
      expect(log.text()).not.toContain(hush);
  });
});

describe("a receiver", () => {
  test("that answers 410 is disabled, and gets nothing more; what waits has failed", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const [gone, waiting] = [await stage.put(endpoint, 0), await stage.put(endpoint, 1, { transaction: "txn_0" })];
    stage.answers(() => answered(410));
    await deliver(stage, endpoint);
    await deliver(stage, endpoint);
    expect(stage.sent).toHaveLength(1);
    expect((await stage.endpoint(endpoint.id)).disabled).toEqual({ reason: "gone", at: "2026-11-20T10:00:00.000Z" });
    for (const one of [gone, waiting])
      expect(await stage.stored(one)).toMatchObject({ status: "failed", failure: "endpoint_gone" });
    expect(log.lines().at(-1)).toMatchObject({ level: "warn", event: "webhook endpoint disabled", outcome: "gone" });
  });

  test("of which nothing was taken for five days is disabled", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    stage.answers(() => answered(503));
    for (let day = 0; day < 7; day++) {
      await stage.put(endpoint, day);
      await deliverForDays(stage, endpoint, 1);
    }
    const { disabled } = await stage.endpoint(endpoint.id);
    expect(disabled?.reason).toBe("failing");
    expect(Date.parse(disabled?.at ?? "")).toBeGreaterThanOrEqual(Date.parse("2026-11-25T10:00:00.000Z"));
    expect(Date.parse(disabled?.at ?? "")).toBeLessThan(Date.parse("2026-11-26T10:01:00.000Z"));
  });

  test("that takes one in five days is not", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    for (let day = 0; day < 7; day++) {
      await stage.put(endpoint, day);
      const isGood = day === 3;
      stage.answers(() => answered(isGood ? 200 : 503));
      await deliverForDays(stage, endpoint, 1);
    }
    expect((await stage.endpoint(endpoint.id)).disabled).toBeUndefined();
  });

  test.each([
    ["seconds", "120", "2026-11-20T10:02:00.000Z"],
    ["a date", "Fri, 20 Nov 2026 10:10:00 GMT", "2026-11-20T10:10:00.000Z"],
    ["more than a day", "999999", "2026-11-21T10:00:00.000Z"],
    ["nonsense", "soon", "2026-11-20T10:01:00.000Z"],
  ])("that asks for time with Retry-After, in %s, is left alone until then", async (_name, retryAfter, until) => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const [first, other] = [await stage.put(endpoint, 0), await stage.put(endpoint, 1, { transaction: "txn_0" })];
    stage.answers(() => answered(429, retryAfter));
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 1 });
    expect(await stage.stored(first)).toMatchObject({ nextAttemptAt: until });
    expect(await stage.endpoint(endpoint.id)).toMatchObject({ pausedUntil: until });
    stage.answers(() => answered(200));
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 0 });
    stage.clock.advance(Date.parse(until) - stage.clock.now().getTime());
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 2 });
    expect(await stage.stored(other)).toMatchObject({ status: "succeeded", tries: 1 });
  });

  test.each([
    [429, 60],
    [502, 60],
    [504, 60],
    [500, 5],
  ])("that answers %i is asked again after %i s", async (status, seconds) => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const delivery = await stage.put(endpoint);
    stage.answers(() => answered(stage.sent.length === 1 ? status : 200));
    for (let n = 0; n < 2; n++) {
      await deliver(stage, endpoint);
      stage.clock.advance(60_000);
    }
    const [first, second] = (await stage.stored(delivery)).attempts.map(({ at }) => Date.parse(at));
    expect((second ?? 0) - (first ?? 0)).toBe(seconds * 1_000);
  });

  test("that fails eight times in a row is left alone for this run", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    for (let n = 0; n < 50; n++) await stage.put(endpoint, n);
    stage.answers(() => ({ kind: "unanswered", error: "timeout" }));
    const { attempted } = await deliver(stage, endpoint);
    expect(attempted).toBeGreaterThanOrEqual(8);
    // Eight may be on their way when the eighth failure is known.
    expect(attempted).toBeLessThan(16);
  });

  test("is told with every secret that signs, for a day after a rotation", async () => {
    const stage = deliveryStage();
    const newer = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=";
    const endpoint = await stage.register(0, {
      secrets: [
        { secret: newer, madeBy: "second" },
        { secret, madeBy: "first", expiresAt: "2026-11-20T10:00:01.000Z" },
      ],
    });
    const signatures = async (n: number) => {
      await stage.put(endpoint, n);
      await deliver(stage, endpoint);
      return stage.sent.at(-1)?.headers["webhook-signature"]?.split(" ").length;
    };
    expect(await signatures(0)).toBe(2);
    stage.clock.advance(1_000);
    expect(await signatures(1)).toBe(1);
  });

  test("that was deleted gets nothing, and what waits has failed", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const delivery = await stage.put(endpoint);
    await stage.dependencies.endpoints.remove(endpoint, stage.clock.now());
    await deliver(stage, endpoint);
    expect(stage.sent).toEqual([]);
    expect(await stage.stored(delivery)).toMatchObject({ status: "failed", failure: "endpoint_deleted" });
  });
});

describe("the order", () => {
  test("of a transaction's events is theirs, however slow the receiver, while other transactions go ahead", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const first = await stage.put(endpoint, 0, { transaction: "txn_a", body: "a0" });
    const second = await stage.put(endpoint, 1, { transaction: "txn_a", body: "a1", after: first.id });
    await stage.put(endpoint, 2, { transaction: "txn_a", body: "a2", after: second.id });
    await stage.put(endpoint, 4, { transaction: "txn_b", body: "b" });
    stage.answers(async ({ body }) => {
      if (body === "a0") await stage.clock.sleep(9_000);
      return answered(200);
    });
    // Two runs at once, as two wakings make them.
    await Promise.all([deliver(stage, endpoint), deliver(stage, endpoint)]);
    expect(stage.sent.map(({ body }) => body)).toHaveLength(4);
    expect(stage.sent.map(({ body }) => body).filter((body) => body.startsWith("a"))).toEqual(["a0", "a1", "a2"]);
    expect(stage.sent.findIndex(({ body }) => body === "b")).toBeLessThan(3);
  });

  test("holds for first attempts only: a retry that waits holds up nobody", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const first = await stage.put(endpoint, 0, { transaction: "txn_a", body: "0" });
    await stage.put(endpoint, 1, { transaction: "txn_a", body: "1", after: first.id });
    stage.answers(({ body }) => answered(body === "0" && stage.sent.length < 3 ? 500 : 200));
    await deliver(stage, endpoint);
    expect(stage.sent.map(({ body }) => body)).toEqual(["0", "1", "0"]);
  });

  test("waits for an event whose first attempt another run is making", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const claimedUntil = "2026-11-20T10:00:50.000Z";
    const first = await stage.put(endpoint, 0, { transaction: "txn_a", nextAttemptAt: claimedUntil, claimedUntil });
    const second = await stage.put(endpoint, 1, { transaction: "txn_a", after: first.id });
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 0 });
    expect(await stage.stored(second)).toMatchObject({ attempts: [], status: "pending" });
    // Its claim ran out: the other run died.
    stage.clock.advance(60_000);
    expect(await deliver(stage, endpoint)).toEqual({ attempted: 2 });
    expect(stage.sent.map(({ body }) => body)).toEqual([first.body, second.body]);
  });
});

describe("many runs at once", () => {
  test("make each attempt once, and at most four of them at a time", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    for (let n = 0; n < 300; n++) await stage.put(endpoint, n);
    let now = 0;
    let most = 0;
    stage.answers(async () => {
      most = Math.max(most, ++now);
      await stage.clock.sleep(200);
      now--;
      return answered(200);
    });
    await Promise.all(Array.from({ length: 12 }, () => deliver(stage, endpoint)));
    expect(stage.sent).toHaveLength(300);
    expect(new Set(stage.sent.map(({ headers }) => headers["webhook-id"])).size).toBe(300);
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(32);
  });

  test("see what came while every lane was taken", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    await stage.put(endpoint, 0);
    const { deliveries } = stage.dependencies;
    let isLate = true;
    const leaveLane: typeof deliveries.leaveLane = async (lane) => {
      if (isLate) await stage.put(endpoint, 1);
      isLate = false;
      await deliveries.leaveLane(lane);
    };
    const dependencies = { ...stage.dependencies, deliveries: { ...deliveries, leaveLane } };
    expect(await run({ tenant: stage.tenant, endpoint: endpoint.id }, dependencies)).toEqual({ attempted: 2 });
  });
});

describe("a run", () => {
  test("whose time is nearly up makes no attempt that could outlast it, and has itself woken again", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    for (let n = 0; n < 40; n++) await stage.put(endpoint, n);
    const end = stage.clock.now().getTime() + 30_000;
    stage.answers(async () => {
      await stage.clock.sleep(4_000);
      return answered(200);
    });
    const { attempted } = await deliver(stage, endpoint, () => end - stage.clock.now().getTime());
    expect(attempted).toBeGreaterThan(0);
    expect(attempted).toBeLessThan(40);
    expect(stage.woken).toMatchObject([
      { type: "moneyback.webhooks.due", detail: { tenant: stage.tenant, endpoint: endpoint.id } },
    ]);
    for (const { at } of stage.sent) expect(Date.parse(at)).toBeLessThanOrEqual(end - 20_000);
  });
});
