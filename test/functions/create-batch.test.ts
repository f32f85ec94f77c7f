/** Facts about taking batches: every wrong row is named, nothing is stored then, and a call counts once. */
import { describe, expect, test } from "vitest";
import { run as addItems } from "../../functions/add-batch-items.ts";
import { CreateBatch, run as create, handler } from "../../functions/create-batch.ts";
import { withPart } from "../../lib/domain/batch-changes.ts";
import { isCurrency } from "../../lib/domain/currencies.ts";
import { VisibleError } from "../../lib/domain/errors.ts";
import { createSpendback } from "../../lib/lambda/create-spendback.ts";
import { check } from "../../lib/lambda/input.ts";
import { memoryClaims } from "../../lib/store/memory-store.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { type Crash, CrashError, crashPoint, everyCrash } from "../lambda/crash.ts";
import { batchStage, rowOf, rowsOf } from "./batch-stage.ts";

captureLog();

/** What a call is refused with. */
async function refusal(act: Promise<unknown>): Promise<VisibleError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof VisibleError) return error;
  throw new Error(`expected a refusal, not ${String(error)}`);
}

const amount = "must be a whole number of minor units from 1 to 1000000000000 (19.99 USD is 1999)";

describe("rows that are wrong", () => {
  test("are all named, with everything that is wrong with each, and nothing is stored", async () => {
    const stage = batchStage();
    const error = await refusal(
      stage.post([
        rowOf("a"),
        rowOf("b", { amount: { value: 0, currency: "USD" }, extra: 1 }),
        { kind: "payout", key: "c" },
        "row",
        rowOf("", { recipient: {} }),
        rowOf("d", { connection: "nowhere" }),
        {
          kind: "cashback",
          key: "e",
          connection: "scripted",
          receiver: { walletNumber: "1" },
          amount: { value: 1, currency: "USD" },
          payout: "scheduled",
        },
        { kind: "refund", key: "f", connection: "scripted", original: "o-1", amount: { value: 1, currency: "USD" } },
      ]),
    );
    expect(error).toMatchObject({
      code: "validation_failed",
      message: "7 of 8 rows are not valid. Nothing was stored.",
    });
    expect(error.errors).toEqual([
      { row: 2, path: "items.1.amount.value", message: amount },
      { row: 2, path: "items.1.extra", message: "is not a known field" },
      { row: 3, path: "items.2.kind", message: "must be one of spendback, refund, cashback" },
      { row: 4, path: "items.3", message: "must be an object: the body of a request, with kind and key" },
      { row: 5, path: "items.4.recipient", message: "must name at least one of id, ref, email" },
      { row: 5, path: "items.4.key", message: "must be 1 to 255 printable ASCII characters" },
      {
        row: 6,
        path: "items.5.connection",
        message:
          'There is no connection "nowhere" that can be used. GET /v1/health lists what is configured, and what is wrong.',
      },
      { row: 7, path: "items.6.payout", message: 'must be "now" in a batch, or absent' },
      { row: 8, path: "items.7.connection", message: 'The connection "scripted" takes no refunds.' },
    ]);
    expect(await stage.batches.list({ tenant: stage.tenant, limit: 10 })).toEqual({ items: [] });
    expect(await stage.all()).toEqual([]);
  });

  test("are those whose key another row of the call has, or that stands for another request", async () => {
    const stage = batchStage();
    const direct = { transactions: stage.transactions, claims: memoryClaims(), flow: { start: async () => {} } };
    const { kind: _kind, key: _key, ...body } = rowOf("taken");
    await createSpendback(
      body as never,
      { ...direct, connections: stage.dependencies.connections, ...stage.clock },
      stage.callWith("taken"),
    );
    const error = await refusal(
      stage.post([rowOf("twice"), rowOf("twice"), rowOf("taken", { amount: { value: 2, currency: "USD" } })]),
    );
    expect(error.errors).toEqual([
      { row: 2, path: "items.1.key", message: "is the key of row 1, too: each row needs its own" },
      { row: 3, path: "items.2.key", message: "stands for another spendback already: a new wish needs a new key" },
    ]);
    const [first, second] = (
      await refusal(
        stage.post([rowOf("z1", { amount: { value: 0, currency: "USD" } }), rowOf("z1"), { key: "z1" }, "z1"]),
      )
    ).errors;
    // A row that is wrong in another way has its key all the same.
    expect([first, second]).toEqual([
      { row: 1, path: "items.0.amount.value", message: amount },
      { row: 2, path: "items.1.key", message: "is the key of row 1, too: each row needs its own" },
    ]);
    const both = await refusal(
      stage.post([rowOf("z2"), rowOf("z2", { extra: 1 }), { ...rowOf("z2"), kind: "cashback" }]),
    );
    expect(both.errors.slice(0, 2)).toEqual([
      { row: 2, path: "items.1.extra", message: "is not a known field" },
      { row: 2, path: "items.1.key", message: "is the key of row 1, too: each row needs its own" },
    ]);
    // Another kind's key is its own.
    expect(both.errors.slice(2).map(({ path }) => path)).not.toContain("items.2.key");
    // The same request under the same key is no fault.
    expect(await stage.post([rowOf("taken")])).toMatchObject({ rows: 1 });
  });

  test("are too many beyond 5,000 a call", async () => {
    const answer = await handler(
      apiEvent({
        caller: { ...caller, scopes: "batches:write" },
        headers: { "idempotency-key": "k" },
        body: JSON.stringify({ items: Array.from({ length: 5_001 }, () => 0) }),
      }),
      context,
    );
    expect(JSON.parse(answer.body ?? "")).toMatchObject({
      status: 400,
      errors: [{ path: "items", message: "must have at most 5000 rows: bring more by POST /v1/batches/{id}/items" }],
    });
  });

  test("with hundreds of thousands of wrong fields, of any length, are answered in what an answer can hold", async () => {
    const wrong = Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`k${n}`, 1]));
    const long = "x".repeat(1_000_000);
    const error = await refusal(
      batchStage().post([rowOf("a", wrong), rowOf("b", { [long]: 1 }), rowOf("c", { connection: long })]),
    );
    expect(error.errors).toHaveLength(1_002);
    expect(error.errors[0]).toEqual({ row: 1, path: "items.0.k0", message: "is not a known field" });
    expect(error.errors[1_000]).toEqual({
      row: 2,
      path: `items.1.${"x".repeat(200)}…`,
      message: "is not a known field",
    });
    expect(error.errors[1_001]?.message).toMatch(/^There is no connection "x{200}…" that can be used/);
  });

  test("come in a body of at most 5 MiB", async () => {
    const asked = { caller: { ...caller, scopes: "batches:write" }, headers: { "idempotency-key": "k" } };
    const tooLarge = await handler(apiEvent({ ...asked, body: `"${"x".repeat(5 * 1_048_576 - 1)}"` }), context);
    expect(JSON.parse(tooLarge.body ?? "")).toMatchObject({ status: 413, code: "payload_too_large" });
    const large = await handler(apiEvent({ ...asked, body: `"${"x".repeat(5 * 1_048_576 - 2)}"` }), context);
    expect(JSON.parse(large.body ?? "")).toMatchObject({ status: 400, code: "validation_failed" });
  });

  test("are asked for with a key that may write batches", async () => {
    const answer = await handler(apiEvent({ caller, headers: { "idempotency-key": "k" }, body: "{}" }), context);
    expect(answer.statusCode).toBe(403);
  });
});

describe("a batch", () => {
  test("is running at once, and woken; all of its rows are pending", async () => {
    const stage = batchStage();
    const rows = [...rowsOf(150), rowOf("lira", { amount: { value: 7, currency: "TRY" } })];
    const { status, headers, body } = await create(
      { items: rows, name: "October" },
      stage.dependencies,
      stage.callWith("b"),
    );
    const { id } = body as { id: string };
    expect({ status, location: headers?.["location"] }).toEqual({ status: 202, location: `/v1/batches/${id}` });
    expect(body).toEqual({
      id: expect.stringMatching(/^bat_[a-z0-9]{26}$/),
      name: "October",
      status: "running",
      rows: 151,
      repeated: 0,
      createdAt: "2026-11-20T09:30:00.000Z",
      startedAt: "2026-11-20T09:30:00.000Z",
      counts: { pending: 151, processing: 0, succeeded: 0, failed: 0, canceled: 0, needs_review: 0 },
      amounts: { USD: { total: 15_000, pending: 15_000 }, TRY: { total: 7, pending: 7 } },
    });
    expect(stage.woken).toMatchObject([{ type: "moneyback.batches.due", detail: { batch: id } }]);
  });

  test.each([
    ["start: false", { start: false }, "open"],
    ["no rows", { items: [] }, "open"],
    ["a later time", { runAt: "2026-11-21T00:00:00.000Z" }, "scheduled"],
    ["a time that is over", { runAt: "2026-11-20T00:00:00.000Z" }, "running"],
  ])("with %s is %s", async (_name, options, status) => {
    const stage = batchStage();
    expect(await stage.post(rowsOf(1), options)).toMatchObject({ status });
    expect(stage.woken).toHaveLength(status === "running" ? 1 : 0);
  });

  test.each([
    ["in the year after 9999 in UTC", "9999-12-31T23:59:59-05:00", "must be in the years 0000 to 9999 in UTC"],
    ["in the year before 0000 in UTC", "0000-01-01T00:00:00+05:00", "must be in the years 0000 to 9999 in UTC"],
    ["more than a year ahead", "2027-11-22T00:00:00Z", "must be within a year, until 2027-11-21T09:30:00.000Z"],
  ])("cannot be asked for %s", async (_name, runAt, message) => {
    const { dependencies, callWith } = batchStage();
    const act = async () => create(check(CreateBatch, { items: rowsOf(1), runAt }), dependencies, callWith("batch"));
    expect((await refusal(act())).errors).toEqual([{ path: "runAt", message }]);
  });

  test("cannot both wait for its time and for a word", async () => {
    const options = { runAt: "2026-11-21T00:00:00.000Z", start: false };
    const { errors } = await refusal(batchStage().post([], options));
    expect(errors).toEqual([{ path: "start", message: "must be absent where runAt says when to start" }]);
  });

  test("is the same for the same key and body, and refused for another body", async () => {
    const stage = batchStage();
    const first = await stage.post(rowsOf(3));
    const again = await create({ items: rowsOf(3) }, stage.dependencies, stage.callWith("batch"));
    expect(again).toMatchObject({ status: 202, body: { id: first.id }, headers: { "idempotent-replayed": "true" } });
    expect((await refusal(stage.post(rowsOf(4)))).code).toBe("idempotency_key_reused");
    expect((await refusal(stage.post(rowsOf(3), { name: "another" }))).code).toBe("idempotency_key_reused");
  });

  test("of one key is one request's, of many at once with different rows", async () => {
    const stage = batchStage();
    const calls = Array.from({ length: 6 }, (_, n) => stage.post(rowsOf(120, `call-${n % 2}`)));
    const answers = await Promise.allSettled(calls);
    const taken = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.id] : []));
    expect(new Set(taken).size).toBe(1);
    expect(taken).toHaveLength(3);
    await stage.settle();
    const keys = (await stage.items(taken[0] ?? "")).map(({ key }) => key.slice(0, 6));
    expect(keys).toHaveLength(120);
    expect(new Set(keys).size).toBe(1);
  });

  test("is there whole or not at all when a call dies; the same call again heals it", async () => {
    const attempt = async (crash?: Crash) => {
      const stage = batchStage();
      const point = crashPoint(crash);
      const { batches, transactions, events } = stage.dependencies;
      const dying = {
        ...stage.dependencies,
        batches: point.wrap("batches", batches),
        transactions: point.wrap("transactions", transactions),
        events: point.wrap("events", events),
      };
      await create({ items: rowsOf(250) }, dying, stage.callWith("batch")).catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error;
      });
      const { items } = await stage.batches.list({ tenant: stage.tenant, limit: 10 });
      expect(items.flatMap(({ parts }) => parts.map(({ rows }) => rows))).toEqual(items.length === 0 ? [] : [250]);
      const { id } = await stage.post(rowsOf(250));
      await stage.settle();
      expect(await stage.show(id)).toMatchObject({ status: "done", rows: 250, counts: { succeeded: 250 } });
      expect(await stage.all()).toHaveLength(250);
      return point.calls.length;
    };
    const calls = await attempt();
    expect(calls).toBeGreaterThan(5);
    for (const crash of everyCrash(calls)) await attempt(crash);
  });
});

describe("more rows", () => {
  const add = (stage: ReturnType<typeof batchStage>, id: string, items: unknown[], key: string) =>
    addItems({ id, items }, stage.dependencies, stage.callWith(key));

  test("follow those that were there, also while it runs, and wake what was done", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(2));
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done" });
    expect((await add(stage, id, rowsOf(3, "more"), "more")).body).toMatchObject({ status: "running", rows: 5 });
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done", rows: 5, counts: { succeeded: 5 } });
    expect((await stage.items(id)).map(({ row, key }) => `${row} ${key}`)).toEqual([
      "1 row-1",
      "2 row-2",
      "3 more-1",
      "4 more-2",
      "5 more-3",
    ]);
  });

  test("count once for a call's key, and are refused where the key brought others", async () => {
    const stage = batchStage();
    const { id } = await stage.post([], {});
    await add(stage, id, rowsOf(2), "more");
    const again = await add(stage, id, rowsOf(2), "more");
    expect(again).toMatchObject({ body: { rows: 2, status: "open" }, headers: { "idempotent-replayed": "true" } });
    expect((await refusal(add(stage, id, rowsOf(3), "more"))).code).toBe("idempotency_key_reused");
    expect((await stage.show(id)).rows).toBe(2);
  });

  test("of calls at once are all there, each once", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1));
    await Promise.all([0, 1, 2, 3, 0, 1].map((n) => add(stage, id, rowsOf(3, `call-${n}`), `call-${n}`)));
    expect((await stage.show(id)).rows).toBe(13);
    await stage.settle();
    expect(new Set((await stage.items(id)).map(({ key }) => key)).size).toBe(13);
  });

  test("are refused where the sums could not be told exactly any more", async () => {
    const stage = batchStage();
    const huge = (prefix: string) =>
      rowsOf(5_000, prefix).map((row) => ({ ...row, amount: { value: 1_000_000_000_000, currency: "USD" } }));
    const { id } = await stage.post(huge("a"), { start: false });
    const { errors } = await refusal(add(stage, id, huge("b"), "b"));
    expect(errors).toEqual([
      { path: "items", message: "must not add up to more than 9007199254740991 of USD (minor units) in one batch" },
    ]);
  });

  test("of a thousand calls in every currency there is are one record that the database takes", async () => {
    const stage = batchStage();
    const { id } = await stage.post([], { start: false });
    const currencies = Intl.supportedValuesOf("currency").filter(isCurrency);
    expect(currencies.length).toBeGreaterThan(100);
    const amounts = Object.fromEntries(currencies.map((currency) => [currency, 9_000_000_000_000]));
    let batch = await stage.stored(id);
    for (let n = 0; n < 1_000; n++) {
      const part = { id: `call-${n}`.padEnd(16, "-"), print: "p".repeat(16), rows: 1_000, chunks: 10 };
      batch = withPart({ part, amounts }, stage.clock.now())(batch) ?? batch;
    }
    expect(batch.amounts["USD"]).toBe(9_000_000_000_000_000);
    expect(JSON.stringify(batch).length).toBeLessThan(150_000);
  });

  test("are at most a million of one batch", async () => {
    const stage = batchStage();
    const { id } = await stage.post([], { start: false });
    const part = { id: "part", print: "print", rows: 999_999, chunks: 10_000 };
    await stage.batches.replace({ ...(await stage.stored(id)), parts: [part] });
    const { errors } = await refusal(add(stage, id, rowsOf(2), "more"));
    const message = "must not be more than 1000000 rows in one batch, which has 999999: make another batch";
    expect(errors).toEqual([{ path: "items", message }]);
    expect((await add(stage, id, rowsOf(1), "one")).status).toBe(202);
  });

  test("are refused for a batch of somebody else, and for one that is canceled", async () => {
    const stage = batchStage();
    expect((await refusal(add(stage, "bat_none", rowsOf(1), "k"))).code).toBe("not_found");
    const { id } = await stage.post(rowsOf(1), { start: false });
    const stored = await stage.stored(id);
    await stage.batches.replace({ ...stored, status: "canceled" });
    expect((await refusal(add(stage, id, rowsOf(1, "more"), "k"))).code).toBe("batch_closed");
  });
});

describe("a dry run", () => {
  test("says of each row what would become of it, and stores nothing", async () => {
    const stage = batchStage();
    const first = await stage.post([rowOf("known")]);
    await stage.settle();
    const { status, body } = await create(
      { items: [rowOf("known"), rowOf("new", { amount: { value: 5, currency: "USD" } })], dryRun: true },
      stage.dependencies,
      stage.callWith("dry"),
    );
    const transaction = { id: (await stage.items(first.id))[0]?.transaction?.id, status: "succeeded" };
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        dryRun: true,
        rows: 2,
        counts: { accepted: 1, repeated: 1, refused: 0, unchecked: 0 },
        amounts: { USD: { total: 105, repeated: 100, accepted: 5 } },
        items: [
          { row: 1, kind: "spendback", key: "known", verdict: "repeated", transaction },
          { row: 2, kind: "spendback", key: "new", verdict: "accepted" },
        ],
      },
    });
    expect((await stage.batches.list({ tenant: stage.tenant, limit: 10 })).items).toHaveLength(1);
    expect(await stage.all()).toHaveLength(1);
    // The key is free: a dry run stands for nothing.
    expect(await stage.post(rowsOf(1), {}, "dry")).toMatchObject({ rows: 1 });
  });

  test("names wrong rows as the batch itself would", async () => {
    const error = await refusal(batchStage().post([rowOf("a", { amount: 5 })], { dryRun: true }));
    expect(error.errors).toMatchObject([{ row: 1, path: "items.0.amount" }]);
  });
});
