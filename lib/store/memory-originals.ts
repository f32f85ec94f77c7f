/** Originals and turns in memory, with the same conditions as in DynamoDB. */
import type { MinorUnits } from "../domain/money.ts";
import type { OriginalStore, TurnStore } from "./originals.ts";

export function memoryOriginals(): OriginalStore {
  const originals = new Map<
    string,
    { remaining: number; readonly currency: string; readonly holds: Map<string, number> }
  >();
  return {
    async remaining(id) {
      const original = originals.get(id);
      return original && { value: original.remaining as MinorUnits, currency: original.currency };
    },

    async learn(id, { value, currency }) {
      if (!originals.has(id)) originals.set(id, { remaining: value, currency, holds: new Map() });
    },

    async hold(id, transactionId, { value, currency }) {
      const original = originals.get(id);
      if (!original) return { kind: "not-learned" };
      const held = original.holds.get(transactionId);
      if (held !== undefined) return held === 0 ? { kind: "given-back" } : { kind: "held" };
      if (original.currency !== currency) return { kind: "other-currency", currency: original.currency };
      if (original.remaining < value) return { kind: "exceeds", remaining: original.remaining };
      original.remaining -= value;
      original.holds.set(transactionId, value);
      return { kind: "held" };
    },

    async release(id, transactionId) {
      const original = originals.get(id);
      const held = original?.holds.get(transactionId);
      if (!original || !held) return false;
      original.remaining += held;
      original.holds.set(transactionId, 0);
      return true;
    },
  };
}

export function memoryTurns(): TurnStore {
  const holders = new Map<string, string>();
  return {
    async take(id, transactionId) {
      const holder = holders.get(id) ?? transactionId;
      holders.set(id, holder);
      return holder === transactionId;
    },
    async pass(id, transactionId) {
      if (holders.get(id) === transactionId) holders.delete(id);
    },
  };
}
