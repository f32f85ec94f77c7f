/** Batches on the whole stack: more than a chunk of cashbacks through the sandbox, some of which fail, each moved once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, type TransactionBody, until } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;

beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, webhooks: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());

const rows = 120;

/** A wallet that is open, and one that is suspended. */
const open = "637606074";
const suspended = "637606013";

interface BatchBody {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly amounts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Item {
  readonly row: number;
  readonly key: string;
  readonly status: string;
  readonly failure?: { readonly code: string };
  readonly transaction: TransactionBody & { readonly batch: string };
}

/** Every tenth goes to the suspended wallet. Amounts of 1 to 5 kurus. */
const items = Array.from({ length: rows }, (_, n) => ({
  kind: "cashback",
  key: `october-${n + 1}`,
  connection: "sipay",
  receiver: { walletNumber: n % 10 === 9 ? suspended : open },
  amount: { value: 1 + (n % 5), currency: "TRY" },
}));

async function itemsOf(id: string, status: string): Promise<Item[]> {
  const all: Item[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await api.get<{ items: Item[]; cursor?: string }>(
      `/v1/batches/${id}/items?status=${status}${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...body.items);
    if (body.cursor === undefined) return all;
    cursor = body.cursor;
  }
}

const movements = async () =>
  (
    (await (await fetch(`${stack.sandboxUrl}/_sandbox/ledger?provider=sipay`)).json()) as {
      movements: { reference: string; status: string; amount: { value: number } }[];
    }
  ).movements;

const receiver = () => `${stack.sandboxUrl}/_sandbox/receiver?name=ends`;

/** Webhooks of batches that the sandbox's receiver was sent. */
async function endsReceived(): Promise<{ readonly type: string; readonly data: { readonly batch: BatchBody } }[]> {
  const { arrivals } = (await (await fetch(receiver())).json()) as { arrivals: { body: string }[] };
  return arrivals.map(({ body }) => JSON.parse(body));
}

test("rows become transactions that move once; what failed is tried once more, and only that", async () => {
  const wanted = { url: receiver(), events: ["batch.done", "batch.canceled"] };
  await api.post("/v1/webhook-endpoints", wanted, { "idempotency-key": "ends" });
  const dry = await api.post<{ counts: object }>(
    "/v1/batches",
    { items, dryRun: true },
    { "idempotency-key": "october" },
  );
  expect(dry).toMatchObject({ status: 200, body: { counts: { accepted: rows } } });
  const posted = await api.post<BatchBody>("/v1/batches", { items, name: "October" }, { "idempotency-key": "october" });
  expect(posted).toMatchObject({ status: 202, body: { status: "running", rows } });
  const { id } = posted.body;
  const shown = async (): Promise<BatchBody> => {
    // Each look reads every row that is under way: more often would take the time from them.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // On a machine that is busy with other things the tables may not answer in time: then the call is for repeating.
    const { body } = await until(
      () => api.get<BatchBody>(`/v1/batches/${id}`),
      ({ status }) => status < 500,
    );
    expect(Object.values(body.counts).reduce((sum, count) => sum + count, 0)).toBe(rows);
    return body;
  };

  // By themselves: follow-up starts them in their turn, and the runner sees what became of them.
  const done = await until(shown, ({ status }) => status === "done");
  expect(done).toMatchObject({
    counts: { succeeded: 108, failed: 12 },
    amounts: { TRY: { total: 360, succeeded: 300, failed: 60 } },
  });
  const [first] = await until(endsReceived, (ends) => ends.length === 1);
  const { counts, amounts } = done;
  expect(first).toMatchObject({ type: "batch.done", data: { batch: { id, name: "October", counts, amounts } } });
  const succeeded = await itemsOf(id, "succeeded");
  const moved = await movements();
  expect(moved.map(({ reference }) => reference).sort()).toEqual(succeeded.map((item) => item.transaction.id).sort());
  expect(moved.reduce((sum, { amount }) => sum + amount.value, 0)).toBe(300);
  const failed = await itemsOf(id, "failed");
  expect(failed.map(({ row }) => row)).toEqual(Array.from({ length: 12 }, (_, n) => n * 10 + 10));
  expect(new Set(failed.map(({ failure }) => failure?.code))).toEqual(new Set(["account_not_found"]));

  const { kind: _kind, key, ...body } = items[0] as (typeof items)[number];
  const direct = await api.post("/v1/cashbacks", body, { "idempotency-key": key });
  expect(direct.body.id).toBe(succeeded[0]?.transaction.id);

  await fetch(`${stack.sandboxUrl}/_sandbox/accounts`, {
    method: "POST",
    body: JSON.stringify({ provider: "sipay", account: suspended, status: "open", currency: "TRY", balance: 0 }),
  });
  await api.post(`/v1/batches/${id}/retry`, "", { "idempotency-key": "again" });
  const retried = await until(shown, ({ status, counts }) => status === "done" && counts["failed"] !== 12);
  expect(retried.counts).toMatchObject({ succeeded: 120, failed: 0 });
  const ends = await until(endsReceived, (received) => received.length === 2);
  expect(ends[1]?.data.batch.counts).toEqual(retried.counts);
  expect(new Set((await movements()).map(({ reference }) => reference)).size).toBe(120);
  expect(await movements()).toHaveLength(120);
}, 240_000);
