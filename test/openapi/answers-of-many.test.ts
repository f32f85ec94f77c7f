/** Real answers of the calls about batches and accruals, held against the published description; and nothing is described of them that nobody has seen. */
import { describe, expect, test } from "vitest";
import * as batches from "../../openapi/examples/batch-requests.ts";
import { schedule, scheduledCashback } from "../../openapi/examples/requests.ts";
import { until } from "../flow/api-client.ts";
import { captureLog } from "../lambda/api-event.ts";
import { answersStage } from "./answers-stage.ts";
import { shellAnswers } from "./shell-answers.ts";
import { groupsOfMany, witness } from "./witness.ts";

captureLog();

const seer = witness();
const { call, fire, storedSchedule } = answersStage(seer);

const codeOf = ({ body }: { readonly body: { readonly code: string } }) => body.code;
const replayed = ({ headers }: { readonly headers: Headers }) => headers.get("idempotent-replayed");

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly counts: { readonly succeeded: number; readonly failed: number };
}

interface Page {
  readonly items: readonly { readonly key: string; readonly repeated?: true; readonly failure?: { code: string } }[];
  readonly cursor: string;
}

test("a shell's own answers are described", async () => {
  for (const exchange of await shellAnswers()) seer.see(exchange);
});

describe("batches", () => {
  const newBatch = async (body: object) => (await call<Batch>("POST /v1/batches", { body })).body.id;
  const done = (id: string) =>
    until(
      async () => {
        // What is due is begun by this schedule, which does not fire by itself here.
        await fire("follow-up");
        return (await call<Batch>(`GET /v1/batches/${id}`)).body;
      },
      ({ status }) => status === "done",
    );

  test("do what the example says, once", async () => {
    const order = { body: batches.batch, key: "batch" };
    const { status, body } = await call<Batch>("POST /v1/batches", order);
    expect(status).toBe(202);
    expect((await done(body.id)).counts.succeeded).toBe(3);
    expect(replayed(await call("POST /v1/batches", order))).toBe("true");
    const other = { body: { ...batches.batch, name: "another" }, key: "batch" };
    expect(codeOf(await call("POST /v1/batches", other))).toBe("idempotency_key_reused");
  });

  test("say what they would do, and what is wrong", async () => {
    const left = { kind: "refund", connection: "paysafe", original: "stl-5500" };
    const items = [
      ...batches.dryBatch.items,
      { ...left, key: "too much", amount: { value: 5_000, currency: "USD" } },
      {
        kind: "refund",
        key: "nobody knows",
        connection: "mircate",
        original: "spent-60",
        account: { accountNumber: "a" },
      },
    ];
    const { status, body } = await call<{ items: { verdict: string }[] }>("POST /v1/batches", {
      body: { items, dryRun: true },
    });
    expect([status, body.items[3]?.verdict]).toEqual([200, "refused"]);
    const wrong = { items: [{ kind: "spendback" }, "row"] };
    const refused = await call<{ errors: { row: number }[] }>("POST /v1/batches", { body: wrong });
    expect([...new Set(refused.body.errors.map(({ row }) => row))]).toEqual([1, 2]);
  });

  test("are filled and started by calls of their own", async () => {
    const id = await newBatch(batches.openBatch);
    const more = { body: batches.moreRows, key: "more" };
    expect((await call(`POST /v1/batches/${id}/items`, more)).status).toBe(202);
    expect(replayed(await call(`POST /v1/batches/${id}/items`, more))).toBe("true");
    const other = { body: { items: batches.batch.items }, key: "more" };
    expect(codeOf(await call(`POST /v1/batches/${id}/items`, other))).toBe("idempotency_key_reused");
    expect((await call(`POST /v1/batches/${id}/start`)).status).toBe(202);
    expect((await done(id)).counts.succeeded).toBe(1);
  });

  test("tell of each row, and try again what failed", async () => {
    const [_refund, spendback] = batches.batch.items;
    const poor = { ...spendback, key: "too poor", amount: { value: 900_000_000, currency: "USD" } };
    const id = await newBatch({ items: [spendback, poor] });
    expect((await done(id)).counts.failed).toBe(1);
    const { body } = await call<Page>(`GET /v1/batches/${id}/items?limit=1`);
    expect(body.items.map(({ key }) => key)).toEqual(["commission-2001"]);
    await call(`GET /v1/batches/${id}/items?limit=1&cursor=${body.cursor}`);
    const failed = await call<Page>(`GET /v1/batches/${id}/items?status=failed`);
    expect(failed.body.items[0]?.failure?.code).toBe("insufficient_funds");
    expect((await call(`POST /v1/batches/${id}/retry`)).status).toBe(202);
    expect((await done(id)).counts.failed).toBe(1);
  });

  test("are canceled, and take nothing then", async () => {
    const id = await newBatch(batches.laterBatch);
    expect((await call<Batch>(`POST /v1/batches/${id}/cancel`)).body.status).toBe("canceled");
    await call(`GET /v1/batches/${id}`);
    await call(`GET /v1/batches/${id}/items`);
    for (const [order, body] of [["items", batches.moreRows], ["start"], ["retry"]] as const) {
      expect(codeOf(await call(`POST /v1/batches/${id}/${order}`, { body }))).toBe("batch_closed");
    }
  });

  test("are listed", async () => {
    const { body } = await call<Page>("GET /v1/batches?limit=2");
    expect(body.items.length).toBe(2);
    expect((await call(`GET /v1/batches?limit=2&cursor=${body.cursor}`)).status).toBe(200);
  });

  test.each(["GET ", "GET /items", "POST /items", "POST /start", "POST /retry", "POST /cancel"])(
    "that are not there: %s",
    async (line) => {
      const [method, path] = line.split(" ");
      const body = path === "/items" && method === "POST" ? batches.moreRows : undefined;
      expect(codeOf(await call(`${method} /v1/batches/bat_none${path}`, { body }))).toBe("not_found");
    },
  );
});

describe("accruals", () => {
  interface Accrual {
    readonly id: string;
    readonly status: string;
    readonly transaction?: { readonly id: string };
  }
  const newAccrual = async () => (await call<Accrual>("POST /v1/cashbacks", { body: scheduledCashback })).body.id;
  const place = "/v1/cashback-schedules/sipay";

  test("are paid by the run of a schedule, and then not canceled", async () => {
    const id = await newAccrual();
    await storedSchedule({ connection: "sipay", provider: "sipay", cron: "* * * * *" });
    await fire("run-cashbacks");
    const paid = await until(
      async () => {
        await fire("follow-up");
        return (await call<Accrual>(`GET /v1/accruals/${id}`)).body;
      },
      ({ status }) => status === "paid",
    );
    const transaction = paid.transaction?.id;
    const { body } = await call<{ accruals: { count: number } }>(`GET /v1/transactions/${transaction}`);
    expect(body.accruals.count).toBe(1);
    const listed = await call<{ items: Accrual[] }>(`GET /v1/accruals?transaction=${transaction}`);
    expect(listed.body.items.map((one) => one.id)).toEqual([id]);
    expect(codeOf(await call(`POST /v1/accruals/${id}/cancel`))).toBe("not_cancelable");
    const { body: ran } = await call<{ lastRun: { accruals: number } }>(`GET ${place}`);
    expect(ran.lastRun.accruals).toBe(1);
    expect((await call(`DELETE ${place}`)).status).toBe(200);
  });

  test("are canceled while they wait", async () => {
    const id = await newAccrual();
    expect((await call<Accrual>(`POST /v1/accruals/${id}/cancel`)).body.status).toBe("canceled");
    expect((await call(`GET /v1/accruals/${id}`)).status).toBe(200);
    const { body } = await call<Page>("GET /v1/accruals?limit=1");
    expect((await call(`GET /v1/accruals?limit=1&cursor=${body.cursor}`)).status).toBe(200);
    expect(codeOf(await call("POST /v1/accruals/acc_none/cancel"))).toBe("not_found");
    expect(codeOf(await call("GET /v1/accruals/acc_none"))).toBe("not_found");
  });

  test("have schedules, which are put, read and deleted", async () => {
    expect((await call(`PUT ${place}`, { body: schedule })).status).toBe(201);
    expect((await call(`PUT ${place}`, { body: { ...schedule, paused: true } })).status).toBe(200);
    expect((await call(`GET ${place}`)).status).toBe(200);
    expect((await call(`DELETE ${place}`)).status).toBe(200);
    expect(codeOf(await call(`GET ${place}`))).toBe("not_found");
    expect(codeOf(await call(`DELETE ${place}`))).toBe("not_found");
    const elsewhere = (connection: string) => call(`PUT /v1/cashback-schedules/${connection}`, { body: schedule });
    expect(codeOf(await elsewhere("ipayout"))).toBe("unsupported_operation");
    expect(codeOf(await elsewhere("none"))).toBe("unknown_connection");
  });
});

test("nothing is described that was not seen", () => {
  expect(witness().unseen(groupsOfMany).length).toBeGreaterThan(50);
  expect(seer.unseen(groupsOfMany)).toEqual([]);
});
