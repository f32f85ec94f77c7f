/** Which firings of cashback schedules a run goes through: all as long as somebody orders, and then as many as it takes. */
import { isPaid } from "./accrual-invariants.ts";
import type { Evidence } from "./evidence.ts";

export interface CashbackRounds {
  /** When the next run is due that is gone through, or a run that was begun must be gone on with. */
  dueAt(): string | undefined;
  /** From now on each schedule fires once more. False where everything is paid, or canceled, or no schedule is there. */
  another(): boolean;
}

/** A schedule fires for ever. `lastOrderAt`: firings after that would find what was ordered before, if anything. */
export function cashbackRounds(evidence: Evidence, lastOrderAt: number): CashbackRounds {
  const { doors } = evidence;
  const ordinaryUntil = new Date(lastOrderAt).toISOString();
  const granted = new Map<string, string | undefined>();
  return {
    dueAt() {
      const schedule = earliest(doors.schedules.all(), ({ id, nextRunAt }) =>
        nextRunAt !== undefined && (nextRunAt <= ordinaryUntil || granted.get(id) === nextRunAt)
          ? nextRunAt
          : undefined,
      );
      const run = earliest(doors.runs.all(), ({ stage, heldUntil, createdAt }) =>
        stage === "done" ? undefined : (heldUntil ?? createdAt),
      );
      return schedule === undefined || (run !== undefined && run < schedule) ? run : schedule;
    },
    another() {
      const isUnpaid = doors.accruals
        .all()
        .some((accrual) => accrual.state !== "canceled" && !isPaid(accrual, evidence));
      const schedules = isUnpaid ? doors.schedules.all() : [];
      for (const { id, nextRunAt } of schedules) granted.set(id, nextRunAt);
      return schedules.length > 0;
    },
  };
}

/** The earliest of some times; undefined where there is none. */
export function earliest<Item>(items: Iterable<Item>, timeOf: (item: Item) => string | undefined): string | undefined {
  let first: string | undefined;
  for (const item of items) {
    const time = timeOf(item);
    if (time !== undefined && (first === undefined || time < first)) first = time;
  }
  return first;
}
