/** Facts about accruals over the API: recorded once for a key, shown as they stand, canceled while they may be. */
import { describe, expect, test } from "vitest";
import { run as acceptEvent } from "../../functions/accept-event.ts";
import { run as cancelAccrual } from "../../functions/cancel-accrual.ts";
import { run as getAccrual } from "../../functions/get-accrual.ts";
import { ListAccruals, run as listAccruals } from "../../functions/list-accruals.ts";
import type { VisibleError } from "../../lib/domain/errors.ts";
import { scheduledCashbacks } from "../../lib/lambda/create-accrual.ts";
import { CreateCashback, createCashback } from "../../lib/lambda/create-cashback.ts";
import type { Answer } from "../../lib/lambda/endpoint.ts";
import { check } from "../../lib/lambda/input.ts";
import { memoryOriginals } from "../../lib/store/memory-originals.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type Crash, CrashError, crashPoint, everyCrash } from "../lambda/crash.ts";
import { cashbackStage } from "./cashback-stage.ts";
import { bookOf } from "./scripted-connector.ts";

captureLog();

const dayMs = 24 * 3_600_000;

const order = {
  connection: "wallets",
  receiver: { walletNumber: "W-1" },
  amount: { value: 250, currency: "TRY" },
  description: "Order 17",
  metadata: { order: "17" },
};
const scheduled = { ...order, payout: "scheduled" };

function apiStage() {
  const stage = cashbackStage();
  const { dependencies, call } = stage;
  return {
    ...stage,
    post: (body: object, key = "key", given = dependencies) =>
      createCashback(check(CreateCashback, body), { ...given, scheduled: scheduledCashbacks(given) }, call(key)),
    get: (id: string, tenant = stage.tenant) => getAccrual({ id }, dependencies, { ...call(), tenant }),
    cancel: (id: string, tenant = stage.tenant) => cancelAccrual({ id }, dependencies, { ...call(), tenant }),
    list: async (query: Record<string, string> = {}, tenant = stage.tenant) =>
      (await listAccruals(check(ListAccruals, query), dependencies, { ...call(), tenant })).body as {
        items: { id: string; status: string }[];
        cursor?: string;
      },
  };
}

const idIn = ({ body }: Answer) => (body as { id: string }).id;
const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => "no error",
    ({ code }: VisibleError) => code,
  );

describe("a cashback by schedule", () => {
  test("is answered with the accrual, and nothing begins to move", async () => {
    const { post, clock, dependencies, tenant } = apiStage();
    const { status, body, headers } = await post(scheduled);
    const id = idIn({ status, body });
    expect(status).toBe(201);
    expect(id).toMatch(/^acc_[0-9a-z]{26}$/);
    expect(body).toEqual({ ...order, id, status: "waiting", createdAt: clock.now().toISOString() });
    expect(headers).toEqual({ location: `/v1/accruals/${id}` });
    expect((await dependencies.transactions.list({ tenant, limit: 10 })).items).toEqual([]);
  });

  test("asked for again with its key is the same, as it stands now, also without its connection", async () => {
    const stage = apiStage();
    const first = await stage.post(scheduled);
    await stage.schedule();
    stage.clock.advance(dayMs);
    await stage.runDue();
    const { transactions } = stage.dependencies;
    const [transaction] = (await transactions.list({ tenant: stage.tenant, limit: 1 })).items;
    for (const connections of [stage.dependencies.connections, bookOf([])]) {
      const again = await stage.post(scheduled, "key", { ...stage.dependencies, connections });
      expect(again.headers).toMatchObject({ "idempotent-replayed": "true" });
      expect(again.body).toEqual({
        ...(first.body as object),
        status: "paying",
        transaction: { id: transaction?.id, status: "pending" },
      });
    }
  });

  test("by many calls at once is one", async () => {
    const { post, list } = apiStage();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(scheduled)));
    expect(new Set(answers.map(idIn)).size).toBe(1);
    expect((await list()).items).toHaveLength(1);
  });

  test.each([
    ["another amount", { ...scheduled, amount: { value: 251, currency: "TRY" } }],
    ["payment now", order],
    ["payment now in so many words", { ...order, payout: "now" }],
  ])("and the same key with %s: the key is used, also when its claim has expired", async (_name, other) => {
    const { post, clock } = apiStage();
    const first = await post(scheduled);
    for (const days of [0, 31, 31]) {
      clock.advance(days * dayMs);
      expect(await codeOf(post(other))).toBe("idempotency_key_reused");
      // The claim that the other made in vain changes nothing.
      expect(await codeOf(post(other))).toBe("idempotency_key_reused");
      expect(idIn(await post(scheduled))).toBe(idIn(first));
    }
  });

  test("under the key of a cashback that was paid at once is refused, also when its claim has expired", async () => {
    const { post, clock, list } = apiStage();
    const first = await post(order);
    for (const days of [0, 31, 31]) {
      clock.advance(days * dayMs);
      expect(await codeOf(post(scheduled))).toBe("idempotency_key_reused");
      expect(await codeOf(post(scheduled))).toBe("idempotency_key_reused");
      expect(idIn(await post(order))).toBe(idIn(first));
    }
    expect((await list()).items).toEqual([]);
  });

  test("and one paid at once under one key at the same time: one of them", async () => {
    for (const bodies of [
      [order, scheduled],
      [scheduled, order],
    ]) {
      const { post, list, dependencies, tenant } = apiStage();
      const codes = await Promise.all(bodies.map((body) => codeOf(post(body))));
      expect(codes.toSorted()).toEqual(["idempotency_key_reused", "no error"]);
      const { items } = await dependencies.transactions.list({ tenant, limit: 10 });
      expect(items.length + (await list()).items.length).toBe(1);
    }
  });

  test("whose process dies at any of its calls is one accrual with the next call", async () => {
    const act = async (stage: ReturnType<typeof apiStage>, crash?: Crash) => {
      const { wrap, calls } = crashPoint(crash);
      const { accruals, transactions } = stage.dependencies;
      const given = {
        ...stage.dependencies,
        accruals: wrap("accruals", accruals),
        transactions: wrap("transactions", transactions),
      };
      await stage.post(scheduled, "key", given).catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error;
      });
      return calls;
    };
    const calls = await act(apiStage());
    expect(calls).toEqual(["transactions.reserve", "accruals.create"]);
    for (const crash of everyCrash(calls.length)) {
      const stage = apiStage();
      await act(stage, crash);
      const { id } = (await stage.post(scheduled)).body as { id: string };
      expect((await stage.list()).items.map((one) => one.id)).toEqual([id]);
    }
  });

  test.each([
    ["an unknown connection", { connection: "nope" }, "unknown_connection"],
    ["a connection that takes no cashbacks", { connection: "no-cashbacks" }, "unsupported_operation"],
    ["a payout that there is not", { payout: "later" }, "validation_failed"],
  ])("with %s is refused at once, and nothing is recorded", async (_name, members, code) => {
    const { post, list } = apiStage();
    expect(await codeOf((async () => post({ ...scheduled, ...members }))())).toBe(code);
    expect((await list()).items).toEqual([]);
  });
});

test("a cashback by schedule that an event asks for is the accrual of that key, whichever door came first", async () => {
  const stage = apiStage();
  const dependencies = {
    ...stage.dependencies,
    originals: memoryOriginals(),
    scheduled: scheduledCashbacks(stage.dependencies),
    mayAct: () => true,
  };
  const take = (id: string, key?: string, body: object = scheduled) =>
    acceptEvent(
      {
        id,
        source: "shop.orders",
        "detail-type": "cashback.requested",
        detail: { ...body, tenant: stage.tenant, ...(key && { key }) },
      },
      dependencies,
      "r-1",
    );
  const first = await take("event-1");
  expect(first).toEqual({ outcome: "accepted", accrualId: expect.stringMatching(/^acc_/) });
  expect(await take("event-1")).toEqual({ ...first, outcome: "repeated" });
  const overHttp = idIn(await stage.post(scheduled, "order-1"));
  expect(await take("event-2", "order-1")).toEqual({ outcome: "repeated", accrualId: overHttp });
  await expect(take("event-3", "order-1", order)).rejects.toThrow();
  expect(stage.woken).toMatchObject([
    { type: "moneyback.request_rejected", detail: { code: "idempotency_key_reused" } },
  ]);
  expect((await stage.list()).items).toHaveLength(2);
});

describe("an accrual", () => {
  test("is shown as its transaction stands", async () => {
    const { get, accrue, schedule, clock, runDue, carryOut, dependencies, tenant } = apiStage();
    await schedule();
    const id = await accrue();
    const shown = async () => (await get(id)).body as { status: string; transaction?: { id: string; status: string } };
    expect(await shown()).not.toHaveProperty("transaction");
    clock.advance(dayMs);
    await runDue();
    expect(await shown()).toMatchObject({ status: "paying", transaction: { status: "pending" } });
    await carryOut(() => false);
    // Though nobody has written it down yet.
    expect(await shown()).toMatchObject({ status: "waiting", transaction: { status: "failed" } });
    clock.advance(dayMs);
    await runDue();
    expect(await shown()).toMatchObject({ status: "paying", transaction: { status: "pending" } });
    await carryOut();
    expect(await shown()).toMatchObject({ status: "paid", transaction: { status: "succeeded" } });
    expect((await dependencies.transactions.list({ tenant, limit: 10 })).items).toHaveLength(2);
  });

  test("of another tenant, or that there is not, is not found", async () => {
    const { get, cancel, accrue } = apiStage();
    const id = await accrue();
    for (const answer of [get(id, "another"), cancel(id, "another"), get("acc_nobody"), cancel("acc_nobody")]) {
      expect(await codeOf(answer)).toBe("not_found");
    }
  });

  test("is canceled while it waits, and twice is once", async () => {
    const { get, cancel, accrue, schedule, clock, runDue, carryOut } = apiStage();
    await schedule();
    const id = await accrue();
    const first = await cancel(id);
    expect(first).toMatchObject({
      status: 200,
      body: { id, status: "canceled", canceledAt: clock.now().toISOString() },
    });
    clock.advance(dayMs);
    expect(await cancel(id)).toEqual(first);
    await runDue();
    expect(await carryOut()).toEqual([]);
    expect((await get(id)).body).toEqual(first.body);
  });

  test("is not canceled once a transaction pays it, which the refusal names, until that failed", async () => {
    const { cancel, accrue, schedule, clock, runDue, carryOut, dependencies, tenant } = apiStage();
    await schedule();
    const [id, other] = [await accrue(), await accrue({ value: 5 })];
    clock.advance(dayMs);
    await runDue();
    const [transaction] = (await dependencies.transactions.list({ tenant, limit: 1 })).items;
    await expect(cancel(id)).rejects.toMatchObject({
      code: "not_cancelable",
      message: `This accrual cannot be canceled. ${transaction?.id} pays it, and is pending.`,
    });
    await carryOut(() => false);
    expect(await cancel(id)).toMatchObject({ body: { status: "canceled" } });
    clock.advance(dayMs);
    await runDue();
    expect((await carryOut()).map(({ amount }) => amount?.value)).toEqual([5]);
    expect(await codeOf(cancel(other))).toBe("not_cancelable");
  });
});

describe("the list of accruals", () => {
  test("is newest first, page by page, and holds nobody else's", async () => {
    const { list, accrue } = apiStage();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await accrue());
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: "2", ...(cursor && { cursor }) });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await list({}, "another")).toEqual({ items: [] });
  });

  test("is filtered by connection, receiver, and the status that is shown", async () => {
    const { list, accrue, cancel, schedule, clock, runDue, carryOut } = apiStage();
    await schedule({ minimumPayout: { TRY: 50 } });
    const [paid, failed, small, canceled] = [
      await accrue({ wallet: "W-1" }),
      await accrue({ wallet: "W-2" }),
      await accrue({ wallet: "W-3", value: 1 }),
      await accrue({ wallet: "W-3", value: 99 }),
    ];
    await cancel(canceled);
    clock.advance(dayMs);
    await runDue();
    const ids = async (query: Record<string, string>) => (await list(query)).items.map(({ id }) => id);
    expect(await ids({ status: "paying" })).toEqual([failed, paid]);
    await carryOut(({ receiver }) => receiver?.walletNumber === "W-1");
    expect(await ids({ status: "waiting" })).toEqual([small, failed]);
    expect(await ids({ status: "paid" })).toEqual([paid]);
    expect(await ids({ status: "paying" })).toEqual([]);
    expect(await ids({ status: "canceled" })).toEqual([canceled]);
    expect(await ids({ status: "waiting", limit: "1" })).toEqual([small]);
    expect(await ids({ receiver: "W-3" })).toEqual([canceled, small]);
    expect(await ids({ receiver: "W-3", status: "waiting" })).toEqual([small]);
    expect(await ids({ connection: "another" })).toEqual([]);
  });

  test("of a transaction holds what it pays, page by page", async () => {
    const { list, accrue, schedule, clock, runDue, dependencies, tenant } = apiStage();
    await schedule();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await accrue());
    await accrue({ wallet: "W-2" });
    clock.advance(dayMs);
    await runDue();
    const { items } = await dependencies.transactions.list({ tenant, limit: 10 });
    const { id: transaction = "" } = items.find(({ accruals }) => accruals?.count === 5) ?? {};
    expect((await list({ transaction })).items.map(({ id }) => id)).toEqual(ids);
    const first = await list({ transaction, limit: "3" });
    const second = await list({ transaction, limit: "3", cursor: first.cursor ?? "" });
    expect([first, second].map((page) => page.items.map(({ id }) => id))).toEqual([ids.slice(0, 3), ids.slice(3)]);
    expect(second).not.toHaveProperty("cursor");
    expect((await list({ transaction, status: "paid" })).items).toEqual([]);
    expect((await list({ transaction, receiver: "W-2" })).items).toEqual([]);
    expect(await list({ transaction }, "another")).toEqual({ items: [] });
    expect(await list({ transaction: "txn_nobody" })).toEqual({ items: [] });
  });

  test("refuses what it does not know, by name", async () => {
    const { list } = apiStage();
    await expect(list({ status: "gone", limit: "0", cursor: "?", colour: "red" })).rejects.toMatchObject({
      errors: ["status", "limit", "cursor", "colour"].map((path) => expect.objectContaining({ path })),
    });
  });
});
