/** What is known of connections, in memory: the same facts as in DynamoDB, for tests and simulations. */
import type { ConnectionState, ConnectionStateStore } from "./connection-states.ts";

export function memoryConnectionStates(): ConnectionStateStore {
  const runs = new Map<string, ConnectionState>();
  const nextSlots = new Map<string, number>();
  return {
    async get(connection) {
      return runs.get(connection);
    },

    async takeSlot(connection, { now, intervalMs, latest }) {
      const at = Math.max(nextSlots.get(connection) ?? now, now);
      if (at > latest) return { taken: false, at };
      nextSlots.set(connection, at + intervalMs);
      return { taken: true, at };
    },

    async fail(connection, now) {
      const run = runs.get(connection) ?? { failures: 0, failingSince: now.toISOString(), openings: 0 };
      const failed = { ...run, failures: run.failures + 1 };
      runs.set(connection, failed);
      return failed;
    },

    async open(connection, seen, until) {
      const run = runs.get(connection);
      if (run?.failingSince !== seen.failingSince || run.openings !== seen.openings) return;
      runs.set(connection, { ...run, openUntil: until.toISOString(), openings: run.openings + 1 });
    },

    async probe(connection, seen, until) {
      const run = runs.get(connection);
      if (seen.openUntil === undefined || run?.openUntil !== seen.openUntil) return false;
      if (run.failingSince !== seen.failingSince) return false;
      runs.set(connection, { ...run, openUntil: until.toISOString() });
      return true;
    },

    async recover(connection) {
      runs.delete(connection);
    },
  };
}
