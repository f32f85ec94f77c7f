/** Connections' slots and runs of failures, in memory and in DynamoDB. */
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import type { ConnectionStateStore } from "../../lib/store/connection-states.ts";
import { dynamoConnectionStates } from "../../lib/store/dynamodb-connection-states.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { localDynamoDbClient } from "../../local/create-tables.ts";
import { breakerContract, slotContract } from "./connection-states-contract.ts";
import { onEmulator } from "./emulator.ts";
import { connectionStatesInDynamoDb } from "./in-dynamodb.ts";

describe("in memory", () => {
  const states = memoryConnectionStates();
  slotContract(() => states);
  breakerContract(() => states);
});

await onEmulator("dynoxide", connectionStatesInDynamoDb);

describe("a database", () => {
  const now = new Date("2026-11-20T09:30:00.000Z");
  const run = { failures: 5, failingSince: now.toISOString(), openUntil: now.toISOString(), openings: 1 };
  const calls: Readonly<Record<string, (states: ConnectionStateStore) => Promise<unknown>>> = {
    get: (states) => states.get("c"),
    takeSlot: (states) => states.takeSlot("c", { now: now.getTime(), intervalMs: 100, latest: now.getTime() }),
    fail: (states) => states.fail("c", now),
    open: (states) => states.open("c", run, now),
    probe: (states) => states.probe("c", run, now),
    recover: (states) => states.recover("c"),
  };
  const statesAt = (port: number) =>
    dynamoConnectionStates(localDynamoDbClient(`http://127.0.0.1:${port}`), "connections");

  const silent = createServer();
  beforeAll(() => new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve)));
  afterAll(() => silent.close());

  test.each(Object.entries(calls))(
    "that cannot be reached is said to be unavailable, by name: %s",
    async (_name, call) => {
      // Port 1 refuses every connection.
      await expect(call(statesAt(1))).rejects.toThrow(StoreUnavailableError);
    },
  );

  test.concurrent.each(Object.entries(calls))("that never answers is given up, soon: %s", async (_name, call) => {
    const started = performance.now();
    await expect(call(statesAt((silent.address() as AddressInfo).port))).rejects.toThrow(StoreUnavailableError);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
