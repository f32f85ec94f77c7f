/** What each write costs, index by index: the units that DynamoDB would bill, counted by the emulator. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postpone, takeTurn } from "../../lib/domain/due-transitions.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import { begin, beginLater } from "../../lib/domain/new-transaction.ts";
import { askForReview } from "../../lib/domain/operator-transitions.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt, decline, note, succeed } from "../../lib/domain/transitions.ts";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { physicalName } from "../../local/create-tables.ts";
import { canRun, openEmulator } from "./emulator.ts";
import { metered } from "./metered.ts";
import { flowAt, idOf, newTenant } from "./sample.ts";

const table = physicalName("Transactions");

/** A typical order: recipient by id and e-mail, a description of 40 characters, two metadata pairs. */
function typical(tenant: string): Transaction {
  const wish = {
    id: idOf(tenant),
    tenant,
    kind: "spendback",
    connection: "ipayout",
    provider: "ipayout",
    amount: { value: 125_000 as MinorUnits, currency: "USD" },
    recipient: { id: "3f2b8c1e-5a47-4d0e-9f36-7b1c2d3e4f50", email: "maria.gonzalez@example.com" },
    description: "Overpaid commission of October 2026, v02",
    metadata: { order: "ORD-2026-118-4471", desk: "emea-payouts" },
    fingerprint: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
  } as const;
  return begin(wish, { by: "api", at: flowAt(0).at });
}

/** A third of what such an order consumes; each of its three writes takes one along. */
const spent = {
  writeUnits: 3,
  readHalfUnits: 4,
  lambdaCalls: 2,
  lambdaMs: 160,
  lambdaMbMs: 81_920,
  apiCalls: 1,
  flows: 1,
  flowMs: 170,
  transitions: 3,
};

/** DynamoDB's own rule of size: names and texts in UTF-8; a number a byte per two digits and one; 3 for a list or map, 1 a member. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return Math.ceil(String(value).length / 2) + 1;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + bytesOf(one), 3);
  return Object.entries(value as object).reduce(
    (sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + bytesOf(one),
    3,
  );
}

describe.runIf(await canRun("dynoxide"))("in units of DynamoDB", () => {
  let opened: Awaited<ReturnType<typeof openEmulator>>;
  beforeAll(async () => {
    opened = await openEmulator("dynoxide");
  });
  afterAll(() => opened.close());

  const begun = async () => {
    const meter = metered(opened.client);
    const store = dynamoTransactions(meter.client, table);
    const transaction = { ...typical(newTenant()), cost: spent };
    await store.create(transaction);
    return { store, transaction, id: transaction.id, meter, created: meter.take() };
  };
  const claimed = async () => {
    const { store, id, meter, transaction } = await begun();
    const { transaction: read = transaction } = await store.advance(id, { ...claimAttempt(flowAt(1)), spent });
    return { store, id, meter, read, claim: meter.take() };
  };

  test("a creation writes the item and its line in two indexes: three write units", async () => {
    expect((await begun()).created).toEqual({ table: 1, byTenant: 1, due: 1 });
  });

  test("a claimed attempt writes the item alone", async () => {
    expect((await claimed()).claim).toEqual({ table: 1 });
  });

  test("an outcome that is still open writes the item alone", async () => {
    const { store, id, meter, read } = await claimed();
    await store.advance(
      id,
      note(read, { kind: "accepted", providerTransactionId: "p-1", detail: "Pending" }, flowAt(2)),
    );
    expect(meter.take()).toEqual({ table: 1 });
  });

  test.each([
    ["a success", succeed({ kind: "settled", providerTransactionId: "p-1", detail: "Completed" }, flowAt(2))],
    ["a decline", decline({ kind: "declined", code: "provider_declined", message: "Declined" }, 1, flowAt(2))],
  ])("%s writes the item and takes its line out of the due index", async (_name, transition) => {
    const { store, id, meter } = await claimed();
    await store.advance(id, transition);
    expect(meter.take()).toEqual({ table: 1, due: 1 });
  });

  test.each([
    ["a postponed action", (read: Transaction) => postpone(read, "2026-11-20T10:00:00.000Z", "waits", flowAt(2))],
    [
      "a call for review",
      (read: Transaction) => askForReview({ tenant: read.tenant, detail: "two movements" }, flowAt(2)),
    ],
  ])("%s moves the line in the due index: two units there", async (_name, transitionOf) => {
    const { store, id, meter, read } = await claimed();
    await store.advance(id, transitionOf(read));
    expect(meter.take()).toEqual({ table: 1, due: 2 });
  });

  test("a turn costs what a postponement costs, and the claim after it a unit, as any", async () => {
    const { store, meter } = await begun();
    const { nextActionAt: _at, log: _log, ...order } = typical(newTenant());
    const row = beginLater(order, flowAt(1).at, flowAt(0));
    await store.create(row);
    expect(meter.take()).toEqual({ table: 1, byTenant: 1, due: 1 });
    await store.advance(row.id, takeTurn(row, flowAt(2).at, "2026-11-20T10:00:00.000Z", flowAt(2)));
    expect(meter.take()).toEqual({ table: 1, due: 2 });
    await store.advance(row.id, claimAttempt(flowAt(3), { id: row.id }));
    expect(meter.take()).toEqual({ table: 1 });
  });

  test("a consistent read of a transaction is one read unit, an eventual one half", async () => {
    const { store, id, meter } = await begun();
    await store.get(id, "consistent");
    expect(meter.take()).toEqual({ table: 1 });
    await store.get(id, "eventual");
    expect(meter.take()).toEqual({ table: 0.5 });
  });

  test("a typical spendback that succeeded is stored in less than 1 KB", async () => {
    const { store, id } = await claimed();
    const providerTransactionId = "a2f0c6de-93b1-4a55-8f0e-d1c7b8e94a21";
    await store.advance(id, {
      ...succeed({ kind: "settled", providerTransactionId, detail: "Completed" }, flowAt(2)),
      spent,
    });
    const { Item = {} } = await opened.client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } } }));
    const item = unmarshall(Item);
    expect(item["status"]).toBe("succeeded");
    expect(item["log"]).toHaveLength(3);
    // The item itself is no map: no 3 bytes for it, no byte for each attribute.
    const bytes = bytesOf(item) - 3 - Object.keys(item).length;
    expect(bytes).toBeGreaterThan(700);
    expect(bytes).toBeLessThan(1024);
  });
});
