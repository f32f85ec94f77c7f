/** Originals and names in memory, with the same conditions as in DynamoDB. */
import type { MinorUnits } from "../domain/money.ts";
import type { NameStore, OriginalStore, Source } from "./originals.ts";

interface Original {
  left?: { value: number; currency: string; source: Source };
  held: number;
  readonly holds: Map<string, number>;
}

export function memoryOriginals(): OriginalStore {
  const originals = new Map<string, Original>();
  const recordOf = (id: string): Original => {
    const record = originals.get(id) ?? { held: 0, holds: new Map() };
    originals.set(id, record);
    return record;
  };
  return {
    async remaining(id) {
      const { left, held = 0 } = originals.get(id) ?? {};
      return (
        left && { value: left.value as MinorUnits, currency: left.currency, source: left.source, isTouched: held > 0 }
      );
    },

    async learn(id, { value, currency, source }) {
      const record = recordOf(id);
      record.left ??= { value, currency, source };
      return { ...record.left, value: record.left.value as MinorUnits, isTouched: record.held > 0 };
    },

    async relearn(id, seen, { value, currency, source }) {
      const { left, held } = recordOf(id);
      if (left?.value === seen.value && left.currency === seen.currency && held === 0) {
        recordOf(id).left = { value, currency, source };
      }
    },

    async hold(id, transactionId, { value, currency }) {
      const original = originals.get(id);
      const held = original?.holds.get(transactionId);
      if (held !== undefined) return held === 0 ? { kind: "given-back" } : { kind: "held" };
      if (!original?.left) return { kind: "not-learned" };
      if (original.left.currency !== currency) return { kind: "other-currency" };
      if (original.left.value < value) return { kind: "exceeds" };
      original.left.value -= value;
      original.held += value;
      original.holds.set(transactionId, value);
      return { kind: "held" };
    },

    async release(id, transactionId) {
      const original = recordOf(id);
      const held = original.holds.get(transactionId) ?? 0;
      original.holds.set(transactionId, 0);
      if (held === 0 || !original.left) return false;
      original.left.value += held;
      original.held -= held;
      return true;
    },
  };
}

export function memoryNames(): NameStore {
  const holders = new Map<string, string>();
  return {
    async take(name, transactionId) {
      const holder = holders.get(name) ?? transactionId;
      holders.set(name, holder);
      return holder === transactionId ? { taken: true } : { taken: false, holder };
    },
    async holder(name) {
      return holders.get(name);
    },
    async pass(name, transactionId) {
      if (holders.get(name) === transactionId) holders.delete(name);
    },
  };
}
