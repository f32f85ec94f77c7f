/** What the rest of the product asks of the store of accruals: the accruals, their payouts, and the schedules and runs that pay them. */
import type { Accrual } from "../domain/accrual.ts";
import type { CashbackRun } from "../domain/cashback-run.ts";
import type { CashbackSchedule } from "../domain/cashback-schedule.ts";
import type { DecidedPayout, Decision, Member, Payout } from "../domain/payout.ts";

export interface AccrualStore {
  /** Puts the accrual unless its id exists; then the stored one comes back, unchanged. */
  create(accrual: Accrual): Promise<{ created: boolean; accrual: Accrual }>;
  /** Consistent. */
  get(id: string): Promise<Accrual | undefined>;
  /** Assigns it, if it waits and has not come back since the payout was made. True where it is the payout's, by this call or an earlier one. */
  assign(member: Pick<Member, "id" | "revision">, payout: Pick<Payout, "id">): Promise<boolean>;
  /** Lets it wait again, with a revision one higher, if it is the payout's. */
  release(id: string, payout: Payout): Promise<void>;
  /** Cancels it, unless it has changed since it was read. */
  cancel(seen: Accrual, canceled: NonNullable<Accrual["canceled"]>): Promise<boolean>;
}

/** Many accruals at once, through the table's indexes, which may be a moment behind. */
export interface AccrualLists {
  /** One page of a tenant's accruals, newest first. */
  list(query: AccrualQuery): Promise<AccrualPage>;
  /** At most a hundred, in the order of the ids. */
  getAll(ids: readonly string[]): Promise<readonly Accrual[]>;
  /** Groups that have accruals waiting, each once; `next` is where to go on, absent at the end. */
  waitingGroups(
    where: Place,
    limit: number,
    after?: string,
  ): Promise<{ readonly groups: readonly string[]; readonly next?: string }>;
  /** A group's waiting accruals that were made before the cutoff, oldest first; at most `limit` of them. */
  waiting(query: WaitingQuery): Promise<readonly Waiting[]>;
}

/** Whose accruals, and where they are paid. */
export interface Place {
  readonly tenant: string;
  readonly connection: string;
}

export interface AccrualQuery {
  readonly tenant: string;
  /** How many at most. */
  readonly limit: number;
  readonly connection?: string;
  /** The number of the wallet that is credited. */
  readonly receiver?: string;
  /** Where the page before ended. */
  readonly before?: string;
}

export interface AccrualPage {
  readonly items: readonly Accrual[];
  /** Where the next page begins. A page may be short, even empty, and still have a next one: filters may match rarely. */
  readonly next?: string;
}

export interface WaitingQuery extends Place {
  readonly group: string;
  /** ISO 8601 with milliseconds. */
  readonly cutoff: string;
  readonly limit: number;
  /** Where the last one stood that is not asked for again. */
  readonly after?: string;
}

export interface Waiting extends Member {
  /** Orders the accruals of a group. */
  readonly at: string;
}

export interface PayoutStore {
  /** Puts the payout unless its id exists. What is stored comes back: everybody goes on from that. */
  create(payout: Payout): Promise<Payout>;
  /** Consistent. */
  get(id: string): Promise<Payout | undefined>;
  /** Writes the decision down, unless there is one. What is stored comes back. */
  decide(payout: Payout, decision: Decision): Promise<DecidedPayout>;
  /** Nothing is left to do about it. */
  close(id: string): Promise<void>;
  /** Ids of payouts that are not closed, oldest first; `next` is where to go on, absent at the end. */
  open(
    where: Place,
    limit: number,
    after?: string,
  ): Promise<{ readonly ids: readonly string[]; readonly next?: string }>;
}

export interface CashbackScheduleStore {
  /** Consistent. */
  get(where: Place): Promise<CashbackSchedule | undefined>;
  /** True for the call that made it. */
  create(schedule: CashbackSchedule): Promise<boolean>;
  /** Stores what was made of the schedule that was read, with its revision one higher, unless another change came between, or it was deleted, also where it was made anew. */
  replace(next: CashbackSchedule): Promise<boolean>;
  /** True where there was one. */
  remove(where: Place): Promise<boolean>;
  /** Schedules whose next run is due, the longest overdue first. */
  due(now: Date, limit: number): Promise<readonly Place[]>;
}

export interface CashbackRunStore {
  /** Puts the run unless its id exists. */
  create(run: CashbackRun): Promise<void>;
  /** Consistent. */
  get(id: string): Promise<CashbackRun | undefined>;
  /** Stores what was made of the run that was read, with its revision one higher. Undefined where another change came between. */
  replace(next: CashbackRun): Promise<CashbackRun | undefined>;
  /** Runs that are not done and that nobody has, the longest waiting first. */
  due(now: Date, limit: number): Promise<readonly string[]>;
}
