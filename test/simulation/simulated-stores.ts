/** The in-memory stores, watched: whatever is written to them becomes evidence, whoever is told of it. */
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { ConnectionStateStore } from "../../lib/store/connection-states.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { memoryClaims, memorySessions, memoryTransactions } from "../../lib/store/memory-store.ts";
import type { NameStore, OriginalStore } from "../../lib/store/originals.ts";
import type {
  ClaimLookup,
  ClaimStore,
  SessionStore,
  TransactionLists,
  TransactionReader,
  TransactionStore,
} from "../../lib/store/port.ts";
import { onPayoutWrite } from "./accrual-invariants.ts";
import { onRowWrite } from "./batch-invariants.ts";
import type { Evidence } from "./evidence.ts";
import { onWrite } from "./invariants.ts";
import { type DoorStores, type OnDoorChange, openDoorStores } from "./simulated-batches.ts";

export interface Stores extends DoorStores {
  readonly transactions: TransactionStore & TransactionLists & TransactionReader;
  readonly originals: OriginalStore;
  readonly names: NameStore;
  readonly claims: ClaimStore & ClaimLookup;
  readonly sessions: SessionStore;
  readonly states: ConnectionStateStore;
}

/** Asked of every write to a transaction, whoever made it. */
const onAnyWrite = { ...onWrite, ...onRowWrite, ...onPayoutWrite };

export function openStores(
  evidence: Evidence,
  onChange: (after: Transaction) => void,
  onDoorChange: OnDoorChange,
): Stores {
  return {
    transactions: watchTransactions(memoryTransactions(), evidence, onChange),
    originals: watchOriginals(memoryOriginals(), evidence),
    names: watchNames(memoryNames(), evidence),
    claims: memoryClaims(),
    sessions: memorySessions(),
    states: memoryConnectionStates(),
    ...openDoorStores(evidence, onDoorChange),
  };
}

function watchTransactions(
  store: Stores["transactions"],
  evidence: Evidence,
  onChange: (after: Transaction) => void,
): Stores["transactions"] {
  const note = (after: Transaction): void => {
    onChange(after);
    evidence.check(onAnyWrite, evidence.wrote(after));
  };
  return {
    ...store,
    async create(transaction) {
      const result = await store.create(transaction);
      if (result.created) note(result.transaction);
      return result;
    },
    async advance(id, transition) {
      const result = await store.advance(id, transition);
      if (result.advanced) note(result.transaction);
      return result;
    },
  };
}

function watchOriginals(store: OriginalStore, evidence: Evidence): OriginalStore {
  const learned = async (id: string): Promise<void> => {
    const remaining = await store.remaining(id);
    const record = evidence.original(id);
    if (!remaining) return;
    const held = [...record.holds.values()].reduce((sum, value) => sum + value, 0);
    record.learned = remaining.value + held;
  };
  return {
    ...store,
    async learn(id, figure) {
      const known = await store.learn(id, figure);
      await learned(id);
      return known;
    },
    async relearn(id, seen, figure) {
      await store.relearn(id, seen, figure);
      await learned(id);
    },
    async hold(id, transactionId, amount) {
      const result = await store.hold(id, transactionId, amount);
      if (result.kind !== "held") return result;
      const { holds, learned: whole } = evidence.original(id);
      holds.set(transactionId, amount.value);
      const held = [...holds.values()].reduce((sum, value) => sum + value, 0);
      if (held > whole) evidence.violate("refunds-within-original", `${held} are held of ${whole}, ${id}`);
      return result;
    },
    async release(id, transactionId) {
      const isGivenBack = await store.release(id, transactionId);
      const { holds } = evidence.original(id);
      const held = holds.get(transactionId) ?? 0;
      if (isGivenBack && held === 0) evidence.violate("holds-given-back-once", `${transactionId} of ${id}`);
      if (isGivenBack) holds.set(transactionId, 0);
      return isGivenBack;
    },
  };
}

function watchNames(store: NameStore, evidence: Evidence): NameStore {
  return {
    ...store,
    async take(name, transactionId) {
      const result = await store.take(name, transactionId);
      if (result.taken) evidence.names.set(name, transactionId);
      return result;
    },
    async pass(name, transactionId) {
      await store.pass(name, transactionId);
      if (evidence.names.get(name) === transactionId) evidence.names.delete(name);
    },
  };
}
