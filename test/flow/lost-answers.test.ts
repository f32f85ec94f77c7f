/** The provider moves the money, or does not, and its answer is lost: what becomes of it on the whole stack, in real time. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, type TransactionBody, until } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;

beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0 });
  api = apiClient(stack);
});
afterAll(() => stack.stop());

/** What the issue asks for: the truth within a minute. */
const withinMs = 60_000;

const usd = (value: number) => ({ value, currency: "USD" });
const lira = (value: number) => ({ value, currency: "TRY" });

interface Place {
  readonly provider: string;
  readonly operation: string;
  readonly path: string;
  /** An order for each of the faults: at Mircate refunds of one account go one after the other. */
  readonly orders: readonly object[];
}

const places: readonly Place[] = [
  {
    provider: "ipayout",
    operation: "spendback",
    path: "/v1/spendbacks",
    orders: [100, 200, 300, 400].map((value) => ({ recipient: { id: "ben-alice" }, amount: usd(value) })),
  },
  {
    provider: "nexio",
    operation: "spendback",
    path: "/v1/spendbacks",
    orders: [100, 200, 300, 400].map((value) => ({ recipient: { id: "137241" }, amount: usd(value) })),
  },
  {
    provider: "mircate",
    operation: "refund",
    path: "/v1/refunds",
    orders: [
      { original: "spent-100", account: { accountNumber: "alice-try" }, amount: lira(1_000) },
      { original: "spent-60", account: { accountNumber: "alice-try" }, amount: lira(1_000) },
      { original: "spent-usd-40", account: { accountNumber: "alice-usd", currency: "USD" }, amount: usd(1_000) },
      { original: "spent-bob-75", account: { accountNumber: "bob-try" }, amount: lira(1_000) },
    ],
  },
  {
    provider: "sipay",
    operation: "cashback",
    path: "/v1/cashbacks",
    orders: [100, 200, 300, 400].map((value) => ({ receiver: { walletNumber: "637606074" }, amount: lira(value) })),
  },
  {
    provider: "paysafe",
    operation: "refund",
    path: "/v1/refunds",
    orders: [100, 200, 300, 400].map((value) => ({ original: "stl-100", amount: usd(value) })),
  },
];

/** The last one keeps silent for longer than any client waits. */
const movedFaults = ["reset-after", "error-500-after", "garbage-200", "timeout-after"] as const;

const order = (path: string, connection: string, body: object, key: string) =>
  api.post(path, { connection, ...body }, { "idempotency-key": key });

const read = async (id: string): Promise<TransactionBody> => (await api.get(`/v1/transactions/${id}`)).body;

/** Movements that the order made, by our reference; at Mircate, which takes none, by its original, which is that order's alone. */
async function moved(provider: string, { id }: TransactionBody, body: object): Promise<number> {
  const response = await fetch(`${stack.sandboxUrl}/_sandbox/ledger?provider=${provider}`);
  const { movements } = (await response.json()) as {
    movements: { operation: string; reference: string; original?: string }[];
  };
  const isIts = (movement: (typeof movements)[number]): boolean =>
    provider === "mircate"
      ? movement.operation === "refund" && "original" in body && movement.original === body.original
      : movement.reference === id;
  return movements.filter(isIts).length;
}

/** How often the provider was asked to move it. */
async function sent(operation: string, reference: string): Promise<number> {
  const calls = await api.received();
  return calls.filter((call) => call.operation === operation && call.reference === reference).length;
}

describe.concurrent("money that moved", () => {
  test.each(places)(
    "at $provider, with the answer reset, broken, garbled or never given, is found within a minute, and moved once",
    async ({ provider, operation, path, orders }) => {
      const startedAt = Date.now();
      for (const fault of movedFaults) await api.arm({ provider, operation, fault });
      const replies = await Promise.all(
        orders.map((body, place) => order(path, provider, body, `${provider}-moved-${place}`)),
      );
      for (const [place, { body }] of replies.entries()) {
        const end = await until(
          () => read(body.id),
          ({ status }) => !["pending", "processing"].includes(status),
        );
        expect(end).toMatchObject({ status: "succeeded", attempts: 1 });
        expect(await moved(provider, end, orders[place] ?? {}), `movements of order ${place}`).toBe(1);
      }
      expect(Date.now() - startedAt).toBeLessThan(withinMs);
    },
    withinMs + 10_000,
  );
});

describe.concurrent("money that did not move", () => {
  test.each(places.filter(({ provider }) => ["ipayout", "nexio"].includes(provider)))(
    "at $provider, with the connection reset or a 500 before anything happened, is never sent again and never called failed",
    async ({ provider, operation, path }) => {
      const recipient = { id: provider === "nexio" ? "137242" : "ben-bob" };
      const amount = { value: 100, currency: provider === "nexio" ? "EUR" : "USD" };
      for (const fault of ["reset-before", "error-500-before"]) {
        // A client of its own turn: the faults of the other test wait in the same queue.
        await until(
          async () => (await armed(provider)).length,
          (count) => count === 0,
        );
        await api.arm({ provider, operation, fault });
        const { body } = await order(path, provider, { recipient, amount }, `${provider}-${fault}`);
        // Four lookups have found nothing, over some fifteen seconds.
        const open = await until(
          () => read(body.id),
          ({ log }) => lookupsIn(log) >= 4,
        );
        expect(open).toMatchObject({ status: "processing", attempts: 1 });
        expect(open.nextActionAt).toBeDefined();
        expect(await sent(operation, body.id)).toBe(1);
        expect(await moved(provider, open, {})).toBe(0);
      }
    },
    withinMs,
  );

  test(
    "at Paysafe is sent once more after a lookup that found nothing, and moves once",
    async () => {
      await until(
        async () => (await armed("paysafe")).length,
        (count) => count === 0,
      );
      const faults = ["reset-before", "error-500-before"];
      for (const fault of faults) await api.arm({ provider: "paysafe", operation: "refund", fault });
      const replies = await Promise.all(
        faults.map((fault) => order("/v1/refunds", "paysafe", { original: "stl-5500", amount: usd(100) }, fault)),
      );
      for (const { body } of replies) {
        const end = await until(
          () => read(body.id),
          ({ status }) => status !== "pending" && status !== "processing",
        );
        expect(end).toMatchObject({ status: "succeeded", attempts: 2 });
        expect(await sent("refund", body.id)).toBe(2);
        expect(await moved("paysafe", end, {})).toBe(1);
      }
    },
    2 * withinMs,
  );
});

/** The faults that still wait at a provider. */
async function armed(provider: string): Promise<unknown[]> {
  const response = await fetch(`${stack.sandboxUrl}/_sandbox/faults`);
  const { faults } = (await response.json()) as { faults: { provider: string }[] };
  return faults.filter((fault) => fault.provider === provider);
}

function lookupsIn(log: readonly { readonly detail?: string; readonly count?: number }[]): number {
  return log
    .filter(({ detail }) => detail === "unknown: lookup found nothing")
    .reduce((sum, { count }) => sum + (count ?? 1), 0);
}
