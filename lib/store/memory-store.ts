/** The stores in memory, for tests and simulations: the same port, the same conditions, nothing on disk. */
import { apply, holds } from "../domain/apply.ts";
import { waitsForTurn } from "../domain/due-times.ts";
import type { Session } from "../domain/session.ts";
import type { Transaction } from "../domain/transaction.ts";
import { type ApiKey, type ApiKeyRegister, type ApiKeyStore, byKeyId, hashApiKey } from "./api-keys.ts";
import { listedAt } from "./keys.ts";
import {
  type ClaimLookup,
  type ClaimStore,
  claimDays,
  type InLine,
  type SessionStore,
  type TransactionLists,
  type TransactionReader,
  type TransactionStore,
} from "./port.ts";

export function memoryTransactions(): TransactionStore & TransactionLists & TransactionReader {
  const stored = new Map<string, Transaction>();
  const reserved = new Map<string, string>();
  /** Those that stand in line for their turn: until a transition says whose they are. */
  const inLine = new Set<string>();
  const overdue = (now: Date, isInLine: boolean) =>
    [...stored.values()]
      .filter((one) => one.status !== "needs_review" && inLine.has(one.id) === isInLine)
      .filter((one) => one.nextActionAt !== undefined && one.nextActionAt <= now.toISOString())
      .sort((one, other) => ((one.nextActionAt ?? "") < (other.nextActionAt ?? "") ? -1 : 1));
  return {
    async create(transaction) {
      if (reserved.has(transaction.id)) return { created: false, transaction: undefined };
      const existing = stored.get(transaction.id);
      if (existing) return { created: false, transaction: copyOf(existing) };
      stored.set(transaction.id, copyOf(transaction));
      if (waitsForTurn(transaction)) inLine.add(transaction.id);
      return { created: true, transaction };
    },

    async reserve(id, fingerprint) {
      if (stored.has(id)) return false;
      if (!reserved.has(id)) reserved.set(id, fingerprint);
      return reserved.get(id) === fingerprint;
    },

    async get(id) {
      const transaction = stored.get(id);
      return transaction && copyOf(transaction);
    },

    async many(ids) {
      return new Map(copyOf(ids.flatMap((id) => stored.get(id) ?? [])).map((one) => [one.id, one]));
    },

    async standing(ids) {
      const ofId = (id: string) => (reserved.has(id) ? "reserved" : copyOf(stored.get(id)));
      return new Map(
        ids.flatMap((id) => {
          const one = ofId(id);
          return one === undefined ? [] : [[id, one] as const];
        }),
      );
    },

    async advance(id, transition) {
      const transaction = stored.get(id);
      if (!transaction || !holds(transition, transaction)) {
        return { advanced: false, transaction: transaction && copyOf(transaction) };
      }
      const changed = apply(transition, transaction);
      stored.set(id, changed);
      if (transition.dueFor) inLine.delete(id);
      return { advanced: true, transaction: copyOf(changed) };
    },

    async list(query) {
      const { tenant, kind, connection, batch, original, status, from, to, before, limit } = query;
      const matching = [...stored.values()]
        .filter((one) => one.tenant === tenant)
        .filter((one) => before === undefined || listedAt(one) < before)
        .filter((one) => (from === undefined || one.createdAt >= from) && (to === undefined || one.createdAt < to))
        .filter((one) => kind === undefined || one.kind === kind)
        .filter((one) => connection === undefined || one.connection === connection)
        .filter((one) => batch === undefined || one.batch === batch)
        .filter((one) => original === undefined || one.original === original)
        .filter((one) => status === undefined || one.status === status)
        .sort((one, other) => (listedAt(one) < listedAt(other) ? 1 : -1));
      const items = matching.slice(0, limit);
      const last = items.at(-1);
      return { items: copyOf(items), ...(last && matching.length > limit && { next: listedAt(last) }) };
    },

    async due(now, limit) {
      return overdue(now, false)
        .slice(0, limit)
        .map((one) => one.id);
    },

    async waiting(now, limit, after = "") {
      const position = ({ at, id }: InLine) => `${at}#${id}`;
      const all = overdue(now, true)
        .map(({ id, connection, nextActionAt = "" }) => ({ id, connection, at: nextActionAt }))
        .filter((one) => position(one) > after)
        .sort((one, other) => (position(one) < position(other) ? -1 : 1));
      const last = all.length > limit ? all[limit - 1] : undefined;
      return { items: all.slice(0, limit), ...(last && { next: position(last) }) };
    },
  };
}

export function memoryClaims(): ClaimStore & ClaimLookup {
  const claims = new Map<string, { fingerprint: string; expiresAt: number }>();
  return {
    async claim(id, fingerprint, now) {
      const held = claims.get(id);
      if (held && held.expiresAt > now.getTime()) return { claimed: false, fingerprint: held.fingerprint };
      claims.set(id, { fingerprint, expiresAt: now.getTime() + claimDays * 86_400_000 });
      return { claimed: true };
    },
    async find(id, now) {
      const held = claims.get(id);
      return held && held.expiresAt > now.getTime() ? held.fingerprint : undefined;
    },
  };
}

export function memorySessions(): SessionStore {
  const sessions = new Map<string, Session>();
  const leases = new Map<string, number>();
  return {
    async get(id) {
      return sessions.get(id);
    },
    async lease(id, now, until) {
      if ((leases.get(id) ?? 0) > now.getTime()) return undefined;
      leases.set(id, until.getTime());
      return { session: sessions.get(id) };
    },
    async save(id, session) {
      sessions.set(id, session);
      leases.delete(id);
    },
    async release(id) {
      leases.delete(id);
    },
  };
}

export function memoryApiKeys(): ApiKeyStore & ApiKeyRegister {
  const keys = new Map<string, ApiKey>();
  return {
    async find(key) {
      return keys.get(hashApiKey(key));
    },
    async put(key, apiKey) {
      keys.set(hashApiKey(key), apiKey);
    },
    async list(tenant) {
      return [...keys.values()].filter((one) => tenant === undefined || one.tenant === tenant).sort(byKeyId);
    },
    async revoke({ tenant, keyId }) {
      const found = [...keys].filter(([, one]) => one.tenant === tenant && one.keyId === keyId);
      for (const [hash] of found) keys.delete(hash);
      return found.length > 0;
    },
  };
}

/** A copy of what could stand in JSON; thirty times as fast as structuredClone, which the simulation would spend its time on. */
function copyOf<Value>(value: Value): Value {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)])) as Value;
}
