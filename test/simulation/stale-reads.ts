/** Reads that need not be consistent, and all indexes, may be a few writes behind: what is seen then. */
import {
  memoryAccruals,
  memoryCashbackRuns,
  memoryCashbackSchedules,
  memoryPayouts,
} from "../../lib/store/memory-accruals.ts";
import { memoryBatches } from "../../lib/store/memory-batches.ts";
import type { Outside, Step } from "./outside.ts";
import type { Stores } from "./simulated-stores.ts";

interface StaleReads {
  readonly transactions: Pick<Stores["transactions"], "get" | "many" | "standing" | "due">;
  readonly batches: Pick<Stores["batches"], "due" | "states">;
  readonly accruals: Pick<Stores["accruals"], "waiting" | "waitingGroups">;
  readonly payouts: Pick<Stores["payouts"], "open">;
  readonly schedules: Pick<Stores["schedules"], "due">;
  readonly runs: Pick<Stores["runs"], "due">;
}

export function staleReads(step: Step, { stores, evidence, faults, random }: Outside): StaleReads {
  const { transactions, batches, accruals, payouts, schedules, runs } = stores;
  const { doors } = evidence;
  const isStale = (): boolean => faults.strikes("stale-read");
  const behind = (): number => random.between(0, 2);
  const read = <Answer>(label: string, now: () => Promise<Answer>, late: () => Promise<Answer>): Promise<Answer> =>
    step(label, "read", () => (isStale() ? late() : now()));
  /** The store as an index shows it that is behind: the same store, with everything as it was. */
  const filled = <Item, Store extends { create: (item: Item) => Promise<unknown> }>(store: Store, items: Item[]) => {
    for (const item of items) void store.create(item);
    return store;
  };
  const oldAccruals = () => filled(memoryAccruals(), doors.accruals.behind(behind));
  return {
    transactions: {
      get: (id, consistency) =>
        step(`transactions.get ${id}`, "read", async () =>
          consistency === "eventual" && isStale()
            ? evidence.earlier(id, random.between(1, 3))
            : transactions.get(id, consistency),
        ),
      many: (ids, consistency) =>
        step("transactions.many", "read", async () => {
          if (consistency === "consistent" || !isStale()) return transactions.many(ids, consistency);
          return byId(ids.flatMap((id) => evidence.earlier(id, behind()) ?? []));
        }),
      standing: (ids, consistency) =>
        step("transactions.standing", "read", async () => {
          if (consistency === "consistent" || !isStale()) return transactions.standing(ids, consistency);
          // What is reserved is not seen yet.
          return byId(ids.flatMap((id) => evidence.earlier(id, behind()) ?? []));
        }),
      due: (now, limit) =>
        step("transactions.due", "read", async () => {
          if (!isStale()) return transactions.due(now, limit);
          return [...evidence.transactions.keys()].filter((id) => {
            const seen = evidence.earlier(id, behind());
            return seen?.nextActionAt !== undefined && seen.nextActionAt <= now.toISOString();
          });
        }),
    },
    batches: {
      due: (...asked) =>
        read(
          "batches.due",
          () => batches.due(...asked),
          () => filled(memoryBatches(), doors.batches.behind(behind)).due(...asked),
        ),
      states: (ids, consistency) =>
        step("batches.states", "read", async () => {
          if (consistency === "consistent" || !isStale()) return batches.states(ids, consistency);
          return byId(structuredClone(ids.flatMap((id) => doors.states.earlier(id, behind()) ?? [])));
        }),
    },
    accruals: {
      waiting: (query) =>
        read(
          "accruals.waiting",
          () => accruals.waiting(query),
          () => oldAccruals().waiting(query),
        ),
      waitingGroups: (...asked) =>
        read(
          "accruals.waitingGroups",
          () => accruals.waitingGroups(...asked),
          () => oldAccruals().waitingGroups(...asked),
        ),
    },
    payouts: {
      open: (...asked) =>
        read(
          "payouts.open",
          () => payouts.open(...asked),
          () => filled(memoryPayouts(), doors.payouts.behind(behind)).open(...asked),
        ),
    },
    schedules: {
      due: (...asked) =>
        read(
          "schedules.due",
          () => schedules.due(...asked),
          () => filled(memoryCashbackSchedules(), doors.schedules.behind(behind)).due(...asked),
        ),
    },
    runs: {
      due: (...asked) =>
        read(
          "runs.due",
          () => runs.due(...asked),
          () => filled(memoryCashbackRuns(), doors.runs.behind(behind)).due(...asked),
        ),
    },
  };
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}
