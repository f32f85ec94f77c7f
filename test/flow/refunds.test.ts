/** Refunds, cashbacks, cancels and balances on the whole stack, at the providers of the sandbox. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, type TransactionBody } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;
let nextKey = 0;

beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.flow.idle();
  await api.reset();
});

const usd = (value: number) => ({ value, currency: "USD" });

function refund(body: object, headers: Record<string, string> = {}) {
  return api.post("/v1/refunds", body, { "idempotency-key": `refund-${nextKey++}`, prefer: "wait=20", ...headers });
}

const movementsOf = async (provider: string) =>
  (
    (await (await fetch(`${stack.sandboxUrl}/_sandbox/ledger?provider=${provider}`)).json()) as {
      movements: { amount: { value: number } }[];
    }
  ).movements;

/** Settlements are refunded once and for all: each test takes its own. */
async function settlement(name: string, balance: number): Promise<string> {
  const response = await fetch(`${stack.sandboxUrl}/_sandbox/accounts`, {
    method: "POST",
    body: JSON.stringify({ provider: "paysafe", account: name, currency: "USD", balance, status: "open" }),
  });
  if (!response.ok) throw new Error(`the sandbox refused the settlement: ${await response.text()}`);
  return name;
}

describe("50 refunds of 60.00 at once on a settlement of 100.00 that nobody touched before", () => {
  test("move money once; the others end with refund_exceeds_remaining", async () => {
    const original = await settlement("stl-race", 10_000);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => refund({ connection: "paysafe", original, amount: usd(6_000) })),
    );
    const ends = replies.map(({ status, body }) =>
      status === 409 ? (body as unknown as { code: string }).code : (body.failure?.code ?? body.status),
    );
    expect(ends.filter((end) => end === "succeeded")).toHaveLength(1);
    expect(ends.filter((end) => end === "refund_exceeds_remaining")).toHaveLength(49);
    expect(await movementsOf("paysafe")).toHaveLength(1);
  });
});

describe("a refund", () => {
  test("split as in Paysafe's example takes 581 and 500 from the linked accounts", async () => {
    const original = await settlement("stl-split", 10_098);
    const splits = [
      { linkedAccount: "1001391850", percent: 5.75 },
      { linkedAccount: "1001391860", amount: 500 },
    ];
    const { body } = await refund({ connection: "paysafe", original, amount: usd(10_098), splits });
    expect(body).toMatchObject({
      status: "succeeded",
      splits: [
        { linkedAccount: "1001391850", percent: "5.75", amount: 581 },
        { linkedAccount: "1001391860", amount: 500 },
      ],
    });
    const moved = (await movementsOf("paysafe")).map(({ amount }) => amount.value).sort((one, other) => one - other);
    expect(moved).toEqual([500, 581, 10_098 - 581 - 500]);
  });

  test("of the rest, after a part, is of what is left", async () => {
    const original = await settlement("stl-rest", 10_000);
    await refund({ connection: "paysafe", original, amount: usd(2_500) });
    const { body } = await refund({ connection: "paysafe", original });
    expect(body).toMatchObject({ status: "succeeded", amount: usd(7_500) });
    const { status, body: none } = await refund({ connection: "paysafe", original });
    expect([status, none]).toMatchObject([409, { code: "refund_exceeds_remaining" }]);
  });

  test.each([
    [{ splits: [{ linkedAccount: "1001391850", percent: 5.755 }] }, "splits.0.percent"],
    [{ splits: [{ linkedAccount: "1001391850" }] }, "splits.0"],
    [{ splits: [{ linkedAccount: "89987201", amount: 1 }] }, "splits.0.linkedAccount"],
    [
      {
        splits: [
          { linkedAccount: "1", amount: 60 },
          { linkedAccount: "2", amount: 60 },
        ],
      },
      "splits",
    ],
    [{ amount: { value: 100, currency: "EUR" } }, "amount.currency"],
    [{ original: "" }, "original"],
  ])("with %j is refused before anything is sent, at %s", async (wrong, path) => {
    const { status, body } = await refund({ connection: "paysafe", original: "stl-100", amount: usd(100), ...wrong });
    expect(status).toBe(400);
    const { errors } = body as unknown as { errors: { path: string }[] };
    expect(errors.map((error) => error.path).join(" ")).toContain(path);
    expect(await movementsOf("paysafe")).toEqual([]);
  });

  test("in doubt after the money moved is found again, at a provider without references, too", async () => {
    await api.arm({ provider: "mircate", operation: "refund", fault: "reset-after" });
    const account = { accountNumber: "alice-try" };
    const { body } = await refund({
      connection: "mircate",
      original: "spent-60",
      amount: { value: 1_000, currency: "TRY" },
      account,
    });
    expect(body.status).toBe("succeeded");
    expect(await movementsOf("mircate")).toHaveLength(1);
  });

  test.each([
    [{ accountNumber: "alice-try" }, "amount.currency"],
    [{ accountNumber: "alice-try", currency: "TRY" }, "account.currency"],
  ])(
    "in a currency that is not its account's is refused where nothing at the provider would notice: %j",
    async (account, path) => {
      const { status, body } = await refund({
        connection: "mircate",
        original: "spent-60",
        amount: usd(1_000),
        account,
      });
      expect(status).toBe(400);
      expect((body as unknown as { errors: { path: string }[] }).errors.map((error) => error.path)).toEqual([path]);
      expect(await movementsOf("mircate")).toEqual([]);
    },
  );

  test("needs its account where the provider does", async () => {
    const { status, body } = await refund({
      connection: "mircate",
      original: "spent-60",
      amount: { value: 1_000, currency: "TRY" },
    });
    expect([status, body]).toMatchObject([400, { code: "validation_failed" }]);
  });

  test("of a kind that the provider does not take, or through an unknown connection, is refused clearly", async () => {
    const unsupported = await refund({ connection: "sipay", original: "1", amount: usd(1) });
    expect([unsupported.status, unsupported.body]).toMatchObject([400, { code: "unsupported_operation" }]);
    const unknown = await refund({ connection: "nope", original: "1", amount: usd(1) });
    expect([unknown.status, unknown.body]).toMatchObject([400, { code: "unknown_connection" }]);
  });

  test("is listed with its original", async () => {
    const original = await settlement("stl-listed", 10_000);
    const one = await refund({ connection: "paysafe", original, amount: usd(100) });
    const two = await refund({ connection: "paysafe", original, amount: usd(100) });
    const { body } = await api.get<{ items: TransactionBody[] }>(`/v1/transactions?original=${original}`);
    expect(body.items.map(({ id }) => id)).toEqual([two.body.id, one.body.id]);
  });
});

describe("a cancel", () => {
  const cancel = (id: string) => api.post(`/v1/transactions/${id}/cancel`, "", { "idempotency-key": `cancel-${id}` });

  test("of what succeeded is refused, and of an unknown transaction not found", async () => {
    const original = await settlement("stl-done", 10_000);
    const { body } = await refund({ connection: "paysafe", original, amount: usd(100) });
    const done = await cancel(body.id);
    expect([done.status, done.body]).toMatchObject([409, { code: "not_cancelable" }]);
    expect((await cancel("txn_nobody")).status).toBe(404);
  });

  test("of what the provider has not batched takes it back there, and gives the original its part back", async () => {
    await fetch(`${stack.sandboxUrl}/_sandbox/switches`, {
      method: "POST",
      body: JSON.stringify({ provider: "paysafe", switch: "batch-lookups", value: 1_000 }),
    });
    const original = await settlement("stl-cancel", 10_000);
    const { body } = await refund({ connection: "paysafe", original, amount: usd(10_000) }, { prefer: "wait=2" });
    expect(body.status).toBe("processing");
    const canceled = await cancel(body.id);
    expect([canceled.status, canceled.body]).toMatchObject([200, { status: "canceled" }]);
    expect((await cancel(body.id)).body).toMatchObject({ status: "canceled" });
    await fetch(`${stack.sandboxUrl}/_sandbox/switches`, {
      method: "POST",
      body: JSON.stringify({ provider: "paysafe", switch: "batch-lookups", value: 1 }),
    });
    const again = await refund({ connection: "paysafe", original, amount: usd(10_000) });
    expect(again.body.status).toBe("succeeded");
  });
});

describe("a spendback of our own", () => {
  test("is refunded by its id, never above what it was, whatever the caller says it was", async () => {
    const [entry] = stack.sandbox.connections.filter(({ provider }) => provider === "nexio");
    const own = await startStack({
      port: 0,
      sandboxPort: 0,
      awsPort: 0,
      clock: false,
      connections: JSON.stringify([{ ...entry, spendbackRefunds: { path: "/payout/v3/spendback/refund" } }]),
    });
    const client = apiClient(own);
    try {
      const order = { connection: "nexio", recipient: { id: "137241" }, amount: usd(1_000) };
      const { body: spent } = await client.post("/v1/spendbacks", order, { "idempotency-key": "s", prefer: "wait=20" });
      expect(spent.status).toBe("succeeded");
      const back = (key: string, body: object) =>
        client.post("/v1/refunds", { connection: "nexio", ...body }, { "idempotency-key": key, prefer: "wait=5" });
      const tooMuch = await back("r1", { original: spent.id, amount: usd(1_001) });
      expect(tooMuch.body).toMatchObject({ status: "failed", failure: { code: "refund_exceeds_remaining" } });
      const renamed = await back("r2", {
        original: spent.providerTransactionId,
        amount: usd(5_000),
        originalAmount: usd(5_000),
      });
      expect(renamed.body).toMatchObject({ status: "failed", failure: { code: "refund_exceeds_remaining" } });
      const whole = await back("r3", { original: spent.id });
      expect(whole.body).toMatchObject({ amount: usd(1_000) });
      expect(whole.body.failure).toBeUndefined();
    } finally {
      await own.stop();
    }
  });
});
