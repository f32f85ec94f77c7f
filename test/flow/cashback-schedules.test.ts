/** Accruals on the whole stack: asked for over HTTP and by event, run when they are due, paid by the sandbox as one. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, type TransactionBody, until } from "./api-client.ts";
import { makeScheduleDue } from "./due-schedule.ts";

interface AccrualBody {
  readonly id: string;
  readonly status: string;
  readonly transaction?: { readonly id: string; readonly status: string };
}

interface ScheduleBody {
  readonly nextRunAt: string;
  readonly lastRun?: { readonly id: string; readonly status: string; readonly transactions: number };
}

let stack: Stack;
let api: ReturnType<typeof apiClient>;
beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false, webhooks: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());

const wallet = "637606074";
const order = (value: number, members: object = {}) => ({
  connection: "sipay",
  receiver: { walletNumber: wallet },
  amount: { value, currency: "TRY" },
  payout: "scheduled",
  ...members,
});

const accrue = (key: string, value: number, members: object = {}) =>
  api.post<AccrualBody>("/v1/cashbacks", order(value, members), { "idempotency-key": key });

const put = (body: object) =>
  fetch(`${stack.apiUrl}/v1/cashback-schedules/sipay`, {
    method: "PUT",
    headers: { authorization: "Bearer mbk_local", "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const schedule = async () => (await api.get<ScheduleBody>("/v1/cashback-schedules/sipay")).body;
const shown = async (id: string) => (await api.get<AccrualBody>(`/v1/accruals/${id}`)).body;

/** Its time has come: fires the clock until the schedule has run once more, and its payments are through. */
async function runOnce(): Promise<string> {
  const before = (await schedule()).lastRun?.id;
  await makeScheduleDue(stack, "sipay");
  const { lastRun } = await until(
    async () => {
      await stack.clock.fire("run-cashbacks");
      return schedule();
    },
    (now) => now.lastRun !== undefined && now.lastRun.id !== before && now.lastRun.status === "done",
  );
  const batch = lastRun?.id ?? "";
  await until(
    async () => {
      await stack.clock.fire("follow-up");
      return (await api.get<{ items: TransactionBody[] }>(`/v1/transactions?batch=${batch}`)).body.items;
    },
    (items) => items.every(({ status }) => status === "succeeded" || status === "failed"),
  );
  return batch;
}

describe("accruals of one wallet", () => {
  test("are paid with one credit, which names them, once for all", async () => {
    const first = await accrue("order-1", 1_000);
    expect(first.status).toBe(201);
    expect(first.headers.get("location")).toBe(`/v1/accruals/${first.body.id}`);
    const again = await accrue("order-1", 1_000);
    expect([again.body, again.headers.get("idempotent-replayed")]).toEqual([first.body, "true"]);
    const client = new EventBridgeClient({
      endpoint: stack.awsUrl,
      region: "us-east-1",
      credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    });
    const entry = {
      EventBusName: "moneyback",
      Source: "shop.orders",
      DetailType: "cashback.requested",
      Detail: JSON.stringify({ ...order(200), tenant: "local", key: "order-2" }),
    };
    await client.send(new PutEventsCommand({ Entries: [entry, entry] }));
    const canceled = await accrue("order-3", 5_000);
    await api.post(`/v1/accruals/${canceled.body.id}/cancel`, {}, { "idempotency-key": "cancel-3" });
    const { items } = await until(
      async () => (await api.get<{ items: AccrualBody[] }>("/v1/accruals?status=waiting")).body,
      (page) => page.items.length === 2,
    );
    const byEvent = items.find(({ id }) => id !== first.body.id)?.id ?? "";

    expect((await put({ cron: "0 6 * * *", timeZone: "Europe/Istanbul" })).status).toBe(201);
    const batch = await runOnce();
    const { body: page } = await api.get<{ items: (TransactionBody & { accruals: object })[] }>(
      `/v1/transactions?batch=${batch}`,
    );
    expect(page.items).toMatchObject([
      { status: "succeeded", amount: { value: 1_200, currency: "TRY" }, accruals: { count: 2 } },
    ]);
    const id = page.items[0]?.id ?? "";
    expect(await api.movements(id)).toMatchObject([{ amount: { value: 1_200, currency: "TRY" } }]);
    const paid = { status: "paid", transaction: { id, status: "succeeded" } };
    for (const accrual of [first.body.id, byEvent]) expect(await shown(accrual)).toMatchObject(paid);
    const { body: named } = await api.get<{ items: AccrualBody[] }>(`/v1/accruals?transaction=${id}`);
    expect(named.items.map((one) => one.id)).toEqual([byEvent, first.body.id]);
    const refused = await api.post<{ code: string }>(
      `/v1/accruals/${byEvent}/cancel`,
      {},
      { "idempotency-key": "late" },
    );
    expect([refused.status, refused.body.code]).toEqual([409, "not_cancelable"]);

    await accrue("order-4", 50);
    const next = await runOnce();
    const { body: following } = await api.get<{ items: TransactionBody[] }>(`/v1/transactions?batch=${next}`);
    expect(following.items).toMatchObject([{ amount: { value: 50 } }]);
    expect((await shown(canceled.body.id)).status).toBe("canceled");
    const response = await fetch(`${stack.apiUrl}/v1/cashback-schedules/sipay`, {
      method: "DELETE",
      headers: { authorization: "Bearer mbk_local" },
    });
    expect(await response.json()).toEqual({ connection: "sipay", deleted: true });
  });
});
