/** Facts about `POST /v1/transactions/{id}/resolve`: an operator's word, once, with what it gives back and passes on. */
import { describe, expect, test } from "vitest";
import { run as followUp } from "../../functions/follow-up.ts";
import { handler, run } from "../../functions/resolve-transaction.ts";
import type { Amount } from "../../lib/domain/money.ts";
import { askForReview } from "../../lib/domain/operator-transitions.ts";
import { succeed } from "../../lib/domain/transitions.ts";
import { finish } from "../../lib/lambda/finish.ts";
import { movementName, originalId, turnName } from "../../lib/store/originals.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { type Crash, crashPoint, everyCrash } from "../lambda/crash.ts";
import { callWith, refundStage } from "./refund-stage.ts";
import { bookOf, configured } from "./scripted-connector.ts";
import { standing, taskStage } from "./stage.ts";

captureLog();

const usd = (value: number) => ({ value, currency: "USD" }) as Amount;
const original = originalId("scripted", "stl-1");
const turn = turnName("scripted", "the account");
const failed = { outcome: "failed", reason: "not on the statement" } as const;
const succeeded = { outcome: "succeeded", reason: "row 7", providerTransactionId: "row-7" } as const;

/** A refund of 60 of 100, in doubt at an account that takes one at a time, and handed to an operator. */
async function reviewStage(isExclusive = true) {
  const stage = refundStage({
    left: 10_000,
    isExclusive,
    submit: async () => ({ kind: "unknown", detail: "timeout" }),
  });
  await stage.refund("a", { amount: usd(6_000), account: { accountNumber: "acc-1" } });
  const id = stage.started[0]?.transactionId ?? "";
  await stage.run(stage.started[0] as never);
  const actor = { by: "flow", at: stage.now() };
  await stage.transactions.advance(id, askForReview({ tenant: "acme", detail: "two rows" }, actor));
  const resolve = (how: object, dependencies = {}) =>
    run({ id, ...how } as Parameters<typeof run>[0], { ...stage.dependencies, ...dependencies }, callWith("resolve"));
  return { ...stage, id, resolve, transaction: () => stage.stored(id) };
}

/** Who has a name now: whoever asks and does not get it is told. */
async function holderOf(stage: Pick<Awaited<ReturnType<typeof reviewStage>>, "names">, name: string) {
  const asked = await stage.names.take(name, "nobody");
  if (asked.taken) await stage.names.pass(name, "nobody");
  return asked.taken ? undefined : asked.holder;
}

describe("a transaction resolved as failed", () => {
  test("says who found that out, when and why, and is final", async () => {
    const stage = await reviewStage();
    stage.clock.advance(60_000);
    const { status, body } = await stage.resolve(failed);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: stage.id, status: "failed", failure: { code: "resolved_as_failed" } });
    expect(await stage.transaction()).toMatchObject({
      resolution: { reason: "not on the statement", by: "key:key_1", at: "2026-11-20T09:31:00.000Z" },
    });
    expect((await stage.transaction()).log.at(-2)).toMatchObject({
      status: "failed",
      by: "key:key_1",
      detail: "resolved: not on the statement",
    });
    expect(await stage.transaction()).not.toHaveProperty("nextActionAt");
  });

  test("gives back what it held, once, and passes its turn on", async () => {
    const stage = await reviewStage();
    expect(await stage.originals.remaining(original)).toMatchObject(usd(4_000));
    expect(await holderOf(stage, turn)).toBe(stage.id);
    await stage.resolve(failed);
    await stage.resolve(failed);
    expect(await stage.originals.remaining(original)).toMatchObject(usd(10_000));
    expect(await holderOf(stage, turn)).toBeUndefined();
  });
});

describe("a transaction resolved as succeeded", () => {
  test("keeps the provider's id and what it held, and passes its turn on", async () => {
    const stage = await reviewStage();
    const { body } = await stage.resolve(succeeded);
    expect(body).toMatchObject({ status: "succeeded", providerTransactionId: "row-7" });
    expect(body).not.toHaveProperty("failure");
    expect(await stage.originals.remaining(original)).toMatchObject(usd(4_000));
    expect(await holderOf(stage, turn)).toBeUndefined();
    expect(await holderOf(stage, movementName("scripted", "row-7"))).toBe(stage.id);
  });

  test("by a movement that is another's is refused with 409, and nothing changes", async () => {
    const stage = await reviewStage();
    await stage.names.take(movementName("scripted", "row-7"), "txn_other");
    const before = await stage.transaction();
    await expect(stage.resolve(succeeded)).rejects.toMatchObject({
      code: "not_resolvable",
      message: expect.stringContaining("row-7"),
    });
    expect(await stage.transaction()).toEqual(before);
    expect(await holderOf(stage, turn)).toBe(stage.id);
    expect(await stage.originals.remaining(original)).toMatchObject(usd(4_000));
    // The operator looks again, and finds the right row.
    expect(await stage.resolve({ ...succeeded, providerTransactionId: "row-8" })).toMatchObject({ status: 200 });
  });

  test("without an id keeps the one that is known", async () => {
    const stage = await taskStage();
    const { transactionId: id } = await stage.begin({ ...standing["needs review"], providerTransactionId: "p-1" });
    const call = { ...callWith("resolve"), tenant: stage.tenant };
    const { body } = await run({ id, outcome: "succeeded", reason: "seen" }, stage, call);
    expect(body).toMatchObject({ status: "succeeded", providerTransactionId: "p-1" });
  });

  test("that can be refunded through its connection is remembered with its amount", async () => {
    const stage = await taskStage();
    const { transactionId: id } = await stage.begin(standing["needs review"]);
    const connector = { ...stage.connection.connector, refund: refundStage().refundCalls };
    const connections = bookOf([configured(connector)]);
    const call = { ...callWith("resolve"), tenant: stage.tenant };
    await run({ id, ...succeeded }, { ...stage, connections }, call);
    expect(await stage.originals.remaining(originalId("scripted", "row-7"))).toMatchObject({
      ...usd(1_999),
      source: "own",
    });
  });
});

describe("a figure that was not kept, because the process died after the operator's word,", () => {
  test("is kept by the repeat", async () => {
    const stage = await taskStage();
    const { transactionId: id } = await stage.begin(standing["needs review"]);
    const connector = { ...stage.connection.connector, refund: refundStage().refundCalls };
    const dependencies = { ...stage, connections: bookOf([configured(connector)]) };
    const call = { ...callWith("resolve"), tenant: stage.tenant };
    const learn = async (): Promise<never> => {
      throw new Error("killed");
    };
    const dying = { ...dependencies, originals: { ...stage.originals, learn } };
    await expect(run({ id, ...succeeded }, dying, call)).rejects.toThrow("killed");
    expect((await stage.stored({ transactionId: id })).status).toBe("succeeded");
    expect(await run({ id, ...succeeded }, dependencies, call)).toMatchObject({ status: 200 });
    expect(await stage.originals.remaining(originalId("scripted", "row-7"))).toMatchObject(usd(1_999));
  });
});

describe("resolving", () => {
  test("again alike is answered with the resolved transaction; otherwise it is refused", async () => {
    for (const how of [failed, succeeded]) {
      const stage = await reviewStage();
      const first = await stage.resolve(how);
      const after = await stage.transaction();
      stage.clock.advance(60_000);
      expect((await stage.resolve(how)).body).toMatchObject({ id: stage.id, status: how.outcome });
      expect(first.status).toBe(200);
      for (const other of [
        { ...how, reason: "another reason" },
        how === failed ? succeeded : failed,
        ...(how.outcome === "succeeded" ? [{ ...how, providerTransactionId: "row-9" }] : []),
      ]) {
        await expect(stage.resolve(other)).rejects.toMatchObject({ code: "not_resolvable" });
      }
      expect(await stage.transaction()).toEqual(after);
    }
  });

  test("as failed with a movement is a contradiction, and named as one", async () => {
    const stage = await reviewStage();
    const before = await stage.transaction();
    const contradiction = stage.resolve({ ...failed, providerTransactionId: "row-9" });
    await expect(contradiction).rejects.toMatchObject({ errors: [{ path: "providerTransactionId" }] });
    expect(await stage.transaction()).toEqual(before);
  });

  test("by two at once who say otherwise is done by one", async () => {
    const stage = await reviewStage();
    const answers = await Promise.allSettled([stage.resolve(failed), stage.resolve(succeeded)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(answers.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "not_resolvable" } });
  });

  test.each(["pending", "open", "not sent", "succeeded", "failed", "canceled"] as const)(
    "what is %s is refused with 409 and changes nothing",
    async (state) => {
      const stage = await taskStage();
      const input = await stage.begin(standing[state]);
      const before = await stage.stored(input);
      const call = { ...callWith("resolve"), tenant: stage.tenant };
      const error = await run({ id: input.transactionId, ...failed }, stage, call).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "not_resolvable", message: expect.stringContaining(before.status) });
      expect(await stage.stored(input)).toEqual(before);
    },
  );

  test("another tenant's is resolving none", async () => {
    const stage = await reviewStage();
    const before = await stage.transaction();
    const call = { ...callWith("resolve"), tenant: "somebody-else" };
    for (const id of [stage.id, "txn_never"]) {
      await expect(run({ id, ...failed }, stage.dependencies, call)).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await stage.transaction()).toEqual(before);
  });

  test("is possible though the connection is gone, or moves no refunds any more; the next one takes the turn over", async () => {
    for (const connections of [bookOf([]), bookOf([configured({})])]) {
      const stage = await reviewStage();
      expect(await stage.resolve(failed, { connections })).toMatchObject({ status: 200 });
      expect(await stage.originals.remaining(original)).toMatchObject(usd(10_000));
      await stage.refund("b", { amount: usd(1_000), account: { accountNumber: "acc-1" } });
      await stage.run(stage.started[1] as never);
      expect(await stage.stored(stage.started[1]?.transactionId ?? "")).toMatchObject({ attempts: 1 });
    }
  });

  test("is possible for a refund of the rest that was never sent", async () => {
    const stage = await reviewStage();
    const { amount: _unknown, ...unpriced } = await stage.transaction();
    const transactions = { ...stage.transactions, get: async () => unpriced };
    expect(await stage.resolve(failed, { transactions })).toMatchObject({ status: 200 });
  });
});

describe("an operator whose word is refused", () => {
  test("because another one was faster has claimed no movement: it may be another transaction's", async () => {
    const stage = await reviewStage();
    const take: typeof stage.names.take = async (name, id) => {
      const taken = await stage.names.take(name, id);
      await stage.resolve(failed);
      return taken;
    };
    await expect(stage.resolve(succeeded, { names: { ...stage.names, take } })).rejects.toMatchObject({
      code: "not_resolvable",
    });
    expect((await stage.transaction()).status).toBe("failed");
    expect(await holderOf(stage, movementName("scripted", "row-7"))).toBeUndefined();
  });

  test("because another one was faster and named the same movement leaves it to that one", async () => {
    const stage = await reviewStage();
    const take: typeof stage.names.take = async (name, id) => {
      const taken = await stage.names.take(name, id);
      await stage.resolve(succeeded);
      return taken;
    };
    const otherReason = { ...succeeded, reason: "row 7, seen by me" };
    await expect(stage.resolve(otherReason, { names: { ...stage.names, take } })).rejects.toMatchObject({
      code: "not_resolvable",
    });
    expect(await holderOf(stage, movementName("scripted", "row-7"))).toBe(stage.id);
  });

  test("has left no figure of what it would have moved", async () => {
    const stage = await taskStage();
    const { transactionId: id } = await stage.begin(standing["needs review"]);
    const connector = { ...stage.connection.connector, refund: refundStage().refundCalls };
    const call = { ...callWith("resolve"), tenant: stage.tenant };
    const { advance } = stage.transactions;
    const transactions = {
      ...stage.transactions,
      advance: async (wanted: string, transition: Parameters<typeof advance>[1]) => {
        if (transition.set.status === "succeeded") await run({ id, ...failed }, stage, call);
        return advance(wanted, transition);
      },
    };
    const dependencies = { ...stage, transactions, connections: bookOf([configured(connector)]) };
    await expect(run({ id, ...succeeded }, dependencies, call)).rejects.toMatchObject({ code: "not_resolvable" });
    expect(await stage.originals.remaining(originalId("scripted", "row-7"))).toBeUndefined();
  });

  test("is refused where it says that what was never sent succeeded; that it failed may be said", async () => {
    const stage = await taskStage();
    const { transactionId: id } = await stage.begin({ ...standing["needs review"], attempts: 0 });
    const before = await stage.stored({ transactionId: id });
    const call = { ...callWith("resolve"), tenant: stage.tenant };
    await expect(run({ id, ...succeeded }, stage, call)).rejects.toMatchObject({
      code: "not_resolvable",
      message: expect.stringContaining("was ever sent"),
    });
    expect(await stage.stored({ transactionId: id })).toEqual(before);
    expect(await run({ id, ...failed }, stage, call)).toMatchObject({ status: 200, body: { status: "failed" } });
  });
});

describe("an answer that comes when an operator has been asked", () => {
  test("keeps the name of the movement for it, since an operator may be about to say the same", async () => {
    const stage = await reviewStage();
    const actor = { by: "flow", at: stage.now() };
    const late = succeed({ kind: "settled", detail: "done", providerTransactionId: "row-7" }, actor);
    const { advanced } = await finish(await stage.transaction(), late, "the account", actor, stage.dependencies);
    expect(advanced).toBe(false);
    expect(await holderOf(stage, movementName("scripted", "row-7"))).toBe(stage.id);
    expect(await stage.resolve(succeeded)).toMatchObject({ status: 200 });
  });
});

describe("a crash", () => {
  const awaits = {
    failed: ["get", "get", "advance", "pass", "release", "advance"],
    succeeded: ["get", "get", "take", "advance", "pass"],
  } as const;

  /** Dies at one call; then the operator repeats, and follow-up comes round. */
  const dying = async (how: typeof failed | typeof succeeded, crash?: Crash) => {
    const stage = await reviewStage();
    const point = crashPoint(crash);
    const wrapped = {
      transactions: point.wrap("transactions", stage.transactions),
      connections: point.wrap("connections", stage.connections),
      originals: point.wrap("originals", stage.originals),
      names: point.wrap("names", stage.names),
    };
    const died = await stage.resolve(how, wrapped).catch((error: unknown) => error);
    return { stage, died, calls: point.calls };
  };

  test.each([failed, succeeded])("can happen at each of its calls ($outcome)", async (how) => {
    const { calls } = await dying(how);
    expect(calls.map((call) => call.split(".")[1])).toEqual(awaits[how.outcome]);
  });

  const crashes = [failed, succeeded].flatMap((how) =>
    everyCrash(awaits[how.outcome].length).map((crash) => ({ how, ...crash })),
  );

  test.each(crashes)(
    "$when call $at of $how.outcome is healed by the same call, and what is owed by follow-up",
    async ({ how, at, when }) => {
      const { stage, died } = await dying(how, { at, when });
      expect(died).toBeInstanceOf(Error);
      expect(await stage.resolve(how)).toMatchObject({ status: 200, body: { status: how.outcome } });
      stage.clock.advance(1_000);
      await followUp(stage.dependencies);
      const healed = await stage.transaction();
      expect(healed).toMatchObject({ status: how.outcome, resolution: { reason: how.reason } });
      expect(healed).not.toHaveProperty("owed");
      expect(healed).not.toHaveProperty("nextActionAt");
      expect(healed.log.filter(({ detail }) => detail?.startsWith("resolved"))).toHaveLength(1);
      expect(await stage.originals.remaining(original)).toMatchObject(usd(how.outcome === "failed" ? 10_000 : 4_000));
      // Whoever comes next gets the turn, passed on or taken over.
      await stage.refund("b", { amount: usd(1_000), account: { accountNumber: "acc-1" } });
      await stage.run(stage.started.at(-1) as never);
      expect(await stage.stored(stage.started.at(-1)?.transactionId ?? "")).toMatchObject({ attempts: 1 });
    },
  );
});

describe("the route", () => {
  const operator = { ...caller, scopes: "transactions:resolve" };
  const post = async (body: unknown, options: object = {}) => {
    const event = apiEvent({
      caller: operator,
      path: { id: "txn_1" },
      headers: { "idempotency-key": "resolve-1" },
      body: JSON.stringify(body),
      ...options,
    });
    const answer = await handler(event, context);
    return { status: answer.statusCode, json: JSON.parse(answer.body ?? "null") };
  };

  test("asks for the scope of operators: whoever may move money may not resolve", async () => {
    const scopes = "transactions:read transactions:write batches:write balances:read";
    expect(await post(failed, { caller: { ...caller, scopes } })).toMatchObject({
      status: 403,
      json: { code: "forbidden" },
    });
  });

  test("asks for an Idempotency-Key", async () => {
    expect(await post(failed, { headers: {} })).toMatchObject({
      status: 400,
      json: { code: "idempotency_key_missing" },
    });
  });

  test.each([
    [{}, ["outcome", "reason"]],
    [{ outcome: "canceled", reason: "x" }, ["outcome"]],
    [{ outcome: "failed", reason: "" }, ["reason"]],
    [{ outcome: "failed", reason: "   " }, ["reason"]],
    [{ outcome: "failed", reason: 7 }, ["reason"]],
    [{ outcome: "failed", reason: "x".repeat(201) }, ["reason"]],
    [{ outcome: "succeeded", reason: "x", providerTransactionId: "" }, ["providerTransactionId"]],
    [{ outcome: "succeeded", reason: "x", providerTransactionId: 17 }, ["providerTransactionId"]],
    [{ outcome: "succeeded", reason: "x", providerTransactionId: "7".repeat(201) }, ["providerTransactionId"]],
    [{ outcome: "failed", reason: "x", amount: 1 }, ["amount"]],
    [{ outcome: "failed", reason: "x", id: "txn_2" }, ["id"]],
  ])("names what is wrong with %j", async (body, paths) => {
    const { status, json } = await post(body);
    expect([status, json.code]).toEqual([400, "validation_failed"]);
    expect(json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(paths);
  });
});
