/** One of everything about batches, accruals, their schedules, and what it all cost, on one stack. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Stack } from "../../local/stack.ts";
import { type apiClient, type TransactionBody, until } from "../flow/api-client.ts";
import { makeScheduleDue } from "../flow/due-schedule.ts";

type Api = ReturnType<typeof apiClient>;

interface BatchBody {
  readonly id: string;
  readonly status: string;
}
interface AccrualBody {
  readonly id: string;
  readonly status: string;
}
interface ScheduleBody {
  readonly lastRun?: { readonly id: string; readonly status: string };
}

let keys = 0;
const keyed = () => ({ "idempotency-key": `many-${keys++}` });

const cashback = (value: number) => ({
  connection: "sipay",
  receiver: { walletNumber: "637606074" },
  amount: { value, currency: "TRY" },
});
const row = (value: number, kind = "cashback") => ({ kind, key: `row-${keys++}`, ...cashback(value) });
const refund = (value: number) => ({
  kind: "refund",
  key: `row-${keys++}`,
  connection: "paysafe",
  original: "stl-10098",
  amount: { value, currency: "USD" },
});

/** A batch that runs, with a row that fails and is tried again; one that is tried dry; and one that is canceled while it runs. */
export async function batches(api: Api, stack: Stack): Promise<void> {
  // Of an original that we know, and of one of which the provider is asked.
  const items = [row(100), refund(90_000_000), { ...refund(100), original: "stl-nobody-asked-of" }];
  await api.post("/v1/batches", { dryRun: true, items }, keyed());
  const { id } = (await api.post<BatchBody>("/v1/batches", { start: false, items: [row(100)] }, keyed())).body;
  const path = `/v1/batches/${id}`;
  await api.post(`${path}/items`, { items: [row(200), refund(90_000_000)] }, keyed());
  await api.post(`${path}/start`, "", keyed());
  await ended(api, stack, id);
  await api.post(`${path}/retry`, "", keyed());
  await api.post(`${path}/items`, { items: [row(300)] }, keyed());
  await ended(api, stack, id);
  await api.post(`${path}/start`, "", keyed());
  await api.post(`${path}/cancel`, "", keyed());
  await api.get(`${path}/items?limit=2`);
  await api.get("/v1/batches?limit=5");

  const runAt = new Date(Date.now() + 3_600_000).toISOString();
  const later = { runAt, items: [row(100), row(200)] };
  const { body } = await api.post<BatchBody>("/v1/batches", later, keyed());
  await api.post(`/v1/batches/${body.id}/cancel`, "", keyed());
  const running = await api.post<BatchBody>("/v1/batches", { items: [row(100), refund(1)] }, keyed());
  await api.post(`/v1/batches/${running.body.id}/cancel`, "", keyed());
  await ended(api, stack, running.body.id);
}

async function ended(api: Api, stack: Stack, id: string): Promise<void> {
  await until(
    async () => {
      await stack.clock.fire("run-batches");
      await stack.clock.fire("follow-up");
      return (await api.get<BatchBody>(`/v1/batches/${id}`)).body;
    },
    ({ status }) => status === "done" || status === "canceled",
  );
}

/** Accruals of which one is canceled, and two are paid by two runs; the first payment fails, so its accrual waits for the second. */
export async function accruals(api: Api, stack: Stack): Promise<void> {
  const accrue = async (value: number) => {
    const order = { ...cashback(value), payout: "scheduled" };
    return (await api.post<AccrualBody>("/v1/cashbacks", order, keyed())).body.id;
  };
  for (const payout of ["now", "scheduled"]) await byEvent(stack, { ...cashback(300), payout, tenant: "local" });
  const canceled = await accrue(300);
  await api.post(`/v1/accruals/${canceled}/cancel`, "", keyed());
  const tooMuch = await accrue(900_000_000_000);
  await schedule(stack, "PUT", { cron: "0 6 * * *", minimumPayout: { TRY: 100 } });
  await runOnce(api, stack);
  await api.post(`/v1/accruals/${tooMuch}/cancel`, "", keyed());
  const paid = await accrue(400);
  await runOnce(api, stack);
  const { body } = await api.get<{ transaction?: { id: string } }>(`/v1/accruals/${paid}`);
  await api.get("/v1/accruals?limit=5");
  await api.get(`/v1/accruals?transaction=${body.transaction?.id}`);
  await schedule(stack, "DELETE");
}

async function byEvent({ awsUrl }: Stack, detail: object): Promise<void> {
  const credentials = { accessKeyId: "any", secretAccessKey: "thing" };
  const client = new EventBridgeClient({ endpoint: awsUrl, region: "us-east-1", credentials });
  const entry = { EventBusName: "moneyback", Source: "shop", DetailType: "cashback.requested" };
  await client.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }));
  client.destroy();
}

/** The schedule's time has come: waits until its run and what it pays are over. */
async function runOnce(api: Api, stack: Stack): Promise<void> {
  const read = async () => (await api.get<ScheduleBody>("/v1/cashback-schedules/sipay")).body.lastRun;
  const before = (await read())?.id;
  await makeScheduleDue(stack, "sipay");
  const run = await until(
    async () => {
      await stack.clock.fire("run-cashbacks");
      return read();
    },
    (last) => last !== undefined && last.id !== before && last.status === "done",
  );
  await until(
    async () => {
      await stack.clock.fire("follow-up");
      return (await api.get<{ items: TransactionBody[] }>(`/v1/transactions?batch=${run?.id}`)).body.items;
    },
    (items) => items.every(({ status }) => status === "succeeded" || status === "failed"),
  );
}

async function schedule({ apiUrl }: Stack, method: "PUT" | "DELETE", body?: object): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/cashback-schedules/sipay`, {
    method,
    headers: { authorization: "Bearer mbk_local", "content-type": "application/json", ...keyed() },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} schedule: ${response.status} ${await response.text()}`);
}

export async function costs(api: Api, stack: Stack): Promise<void> {
  await stack.clock.fire("count-usage");
  await api.get(`/v1/usage?month=${new Date().toISOString().slice(0, 7)}`);
  await fetch(`${stack.apiUrl}/openapi.json`);
  await fetch(`${stack.apiUrl}/docs`);
}
