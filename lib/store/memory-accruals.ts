/** Accruals and what pays them in memory, for tests and simulations: the same ports, the same conditions, nothing on disk. */
import { type Accrual, groupOf } from "../domain/accrual.ts";
import type { CashbackRun } from "../domain/cashback-run.ts";
import { type CashbackSchedule, cashbackScheduleId } from "../domain/cashback-schedule.ts";
import type { DecidedPayout, Payout } from "../domain/payout.ts";
import { accrualListedAt, waitingAt } from "./accrual-keys.ts";
import type {
  AccrualLists,
  AccrualStore,
  CashbackRunStore,
  CashbackScheduleStore,
  PayoutStore,
  Place,
} from "./accruals.ts";

export function memoryAccruals(): AccrualStore & AccrualLists {
  const stored = new Map<string, Accrual>();
  /** Never changes, and is a hash: worked out once. */
  const places = new Map<string, { readonly group: string; readonly at: string }>();
  const waitingAtPlace = ({ tenant, connection }: Place) =>
    [...stored.values()]
      .filter((one) => one.state === "waiting" && one.tenant === tenant && one.connection === connection)
      .map((accrual) => ({ accrual, group: "", at: "", ...places.get(accrual.id) }))
      .sort((one, other) => (one.at < other.at ? -1 : 1));
  return {
    async create(accrual) {
      const present = stored.get(accrual.id);
      if (!present) {
        stored.set(accrual.id, structuredClone(accrual));
        places.set(accrual.id, { group: groupOf(accrual), at: waitingAt(accrual) });
      }
      return { created: !present, accrual: structuredClone(present ?? accrual) };
    },
    async get(id) {
      return structuredClone(stored.get(id));
    },
    async assign({ id, revision }, payout) {
      const present = stored.get(id);
      if (present?.state === "waiting" && present.revision === revision) {
        stored.set(id, { ...present, state: "assigned", payout: payout.id });
      }
      const after = stored.get(id);
      return after?.state === "assigned" && after.payout === payout.id;
    },
    async release(id, payout) {
      const present = stored.get(id);
      if (present?.state !== "assigned" || present.payout !== payout.id) return;
      const { payout: _left, ...rest } = present;
      stored.set(id, { ...rest, state: "waiting", revision: rest.revision + 1 });
    },
    async cancel(seen, canceled) {
      const present = stored.get(seen.id);
      if (present?.state !== seen.state || present.payout !== seen.payout || present.revision !== seen.revision)
        return false;
      const { payout: _left, ...rest } = present;
      stored.set(seen.id, { ...rest, state: "canceled", canceled: { ...canceled } });
      return true;
    },
    async list({ tenant, limit, connection, receiver, before }) {
      const matching = [...stored.values()]
        .filter((one) => one.tenant === tenant)
        .filter((one) => before === undefined || accrualListedAt(one) < before)
        .filter((one) => connection === undefined || one.connection === connection)
        .filter((one) => receiver === undefined || one.receiver.walletNumber === receiver)
        .sort((one, other) => (accrualListedAt(one) < accrualListedAt(other) ? 1 : -1));
      const items = structuredClone(matching.slice(0, limit));
      const last = items.at(-1);
      return { items, ...(last && matching.length > limit && { next: accrualListedAt(last) }) };
    },
    async getAll(ids) {
      return structuredClone(ids.flatMap((id) => stored.get(id) ?? []));
    },
    async waitingGroups(where, limit, after = "") {
      const groups = [...new Set(waitingAtPlace(where).map(({ group }) => group))].filter((group) => group > after);
      const next = groups.length > limit ? groups[limit - 1] : undefined;
      return { groups: groups.slice(0, limit), ...(next !== undefined && { next }) };
    },
    async waiting({ group, cutoff, limit, after = "", ...where }) {
      return waitingAtPlace(where)
        .filter((one) => one.group === group && one.accrual.createdAt < cutoff && one.at > after)
        .slice(0, limit)
        .map(({ accrual: { id, amount, revision }, at }) => ({ id, value: amount.value, revision, at }));
    },
  };
}

export function memoryPayouts(): PayoutStore {
  const stored = new Map<string, Payout>();
  const position = ({ createdAt, id }: Payout) => `${createdAt}#${id}`;
  return {
    async create(payout) {
      const present = stored.get(payout.id) ?? structuredClone(payout);
      stored.set(payout.id, present);
      return structuredClone(present);
    },
    async get(id) {
      return structuredClone(stored.get(id));
    },
    async decide(payout, decision) {
      const present = stored.get(payout.id) ?? payout;
      const decided: DecidedPayout = { ...present, decision: present.decision ?? structuredClone(decision) };
      stored.set(payout.id, decided);
      return structuredClone(decided);
    },
    async close(id) {
      const present = stored.get(id);
      if (present) stored.set(id, { ...present, closed: true });
    },
    async open({ tenant, connection }, limit, after = "") {
      const open = [...stored.values()]
        .filter((one) => !one.closed && one.tenant === tenant && one.connection === connection && position(one) > after)
        .sort((one, other) => (position(one) < position(other) ? -1 : 1));
      const last = open.length > limit ? open[limit - 1] : undefined;
      return { ids: open.slice(0, limit).map(({ id }) => id), ...(last && { next: position(last) }) };
    },
  };
}

export function memoryCashbackSchedules(): CashbackScheduleStore {
  const stored = new Map<string, CashbackSchedule>();
  return {
    async get({ tenant, connection }) {
      return structuredClone(stored.get(cashbackScheduleId(tenant, connection)));
    },
    async create(schedule) {
      if (stored.has(schedule.id)) return false;
      stored.set(schedule.id, structuredClone(schedule));
      return true;
    },
    async replace(next) {
      const present = stored.get(next.id);
      if (present?.revision !== next.revision || present.createdAt !== next.createdAt) return false;
      stored.set(next.id, structuredClone({ ...next, revision: next.revision + 1 }));
      return true;
    },
    async remove({ tenant, connection }) {
      return stored.delete(cashbackScheduleId(tenant, connection));
    },
    async due(now, limit) {
      return [...stored.values()]
        .filter(({ nextRunAt }) => nextRunAt !== undefined && nextRunAt <= now.toISOString())
        .sort((one, other) => ((one.nextRunAt ?? "") < (other.nextRunAt ?? "") ? -1 : 1))
        .slice(0, limit)
        .map(({ tenant, connection }) => ({ tenant, connection }));
    },
  };
}

export function memoryCashbackRuns(): CashbackRunStore {
  const stored = new Map<string, CashbackRun>();
  const since = ({ heldUntil, createdAt }: CashbackRun) => heldUntil ?? createdAt;
  return {
    async create(run) {
      if (!stored.has(run.id)) stored.set(run.id, structuredClone(run));
    },
    async get(id) {
      return structuredClone(stored.get(id));
    },
    async replace(next) {
      if (stored.get(next.id)?.revision !== next.revision) return undefined;
      const changed = { ...next, revision: next.revision + 1 };
      stored.set(next.id, structuredClone(changed));
      return changed;
    },
    async due(now, limit) {
      return [...stored.values()]
        .filter((one) => one.stage !== "done" && since(one) <= now.toISOString())
        .sort((one, other) => (since(one) < since(other) ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },
  };
}
