/** Meters what a function consumes for one transaction, until a write of that transaction takes it along. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "aws-lambda";
import { type Cost, noCost, sumOfCosts } from "../domain/cost.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { ConsumedUnits } from "../store/dynamodb-capacity.ts";

/** What the steps of a flow hand on to each other, because nothing of theirs was written. */
export interface Carried {
  /** The latest word counts: results of earlier tasks stay in the flow's state. */
  readonly step: number;
  /** Until when the flow's time is counted, in epoch milliseconds. */
  readonly since: number;
  readonly cost: Cost;
}

export interface Metered {
  readonly now: () => Date;
  /** Consumed before anything else: the invocation itself. */
  readonly own?: Partial<Cost>;
  /** Absent outside a flow. */
  readonly carried?: Carried;
  /** The function's memory. Absent where it does the same for many at once: its time is nobody's. */
  readonly memoryMb?: number;
}

/** What a write takes along; given back where the write is not made. */
export interface Taken {
  /** All of it, the write itself included. */
  readonly spent: Cost;
  readonly own: Cost;
  readonly ofFlow: Cost;
}

/**
 * Who consumed what, and which write says so. Nothing is written for the meter's sake:
 *
 *   create-spendback   claim, create* ── start the flow ──┐ what is left
 *   authenticate       read a session                     ├▶ in the flow's state
 *   check-funds        read, ask the provider             ├▶
 *   submit-spendback   claim the attempt*, send, record** ┘
 *
 *   *  takes what its own function has consumed   ** takes what the flow carries, too
 *
 * A step that is tried again begins with the same state, so only what it comes to takes the carried along: once.
 * A write includes itself, as far as it can be foreseen; the difference is in the next one.
 */
export class Meter {
  /** Transactions as they were last seen: what a write costs depends on them. */
  readonly seen = new Map<string, Transaction>();
  readonly #now: () => number;
  readonly #memoryMb: number | undefined;
  #own: Cost;
  #timedUntil: number;
  #carried: Carried | undefined;

  constructor({ now, own, carried, memoryMb }: Metered) {
    this.#now = () => now().getTime();
    this.#memoryMb = memoryMb;
    this.#own = { ...noCost, ...own };
    this.#timedUntil = this.#now();
    this.#carried = carried;
  }

  hear(consumed: Partial<Cost>): void {
    this.#own = sumOfCosts([this.#own, { ...noCost, ...consumed }]);
  }

  /** Takes what a write of so many units says. `isStepOver`: with this write the step has come to something. */
  take(writeUnits: number, isStepOver: boolean): Taken {
    this.#countTime();
    const own = this.#own;
    const ofFlow = isStepOver ? this.#takeOfFlow() : noCost;
    this.#own = noCost;
    return { spent: sumOfCosts([own, ofFlow, { ...noCost, writeUnits }]), own, ofFlow };
  }

  /** The write was made. Its units are counted already, and DynamoDB tells of them, too: what differs is in the next write. */
  made(writeUnits: number): void {
    this.hear({ writeUnits: -writeUnits });
  }

  giveBack({ own, ofFlow }: Taken): void {
    this.hear(own);
    if (!this.#carried) return;
    const { step, since, cost } = this.#carried;
    const { flowMs, ...rest } = ofFlow;
    this.#carried = { step, since: since - flowMs, cost: sumOfCosts([cost, { ...rest, flowMs: 0 }]) };
  }

  /** What the flow hands on: what it carried, and what this step has consumed since its last write. */
  handOn(): Carried | undefined {
    if (!this.#carried) return undefined;
    this.#countTime();
    const { step, since, cost } = this.#carried;
    const handed = { step: step + 1, since, cost: sumOfCosts([cost, this.#own]) };
    this.#own = noCost;
    return handed;
  }

  /** What a flow begins with: all that was consumed up to its start, and the start itself. */
  startFlow(states: number): Carried {
    this.#countTime();
    const started = { ...noCost, flows: 1, transitions: states };
    const carried = { step: 0, since: this.#now(), cost: sumOfCosts([this.#own, started]) };
    this.#own = noCost;
    return carried;
  }

  #takeOfFlow(): Cost {
    if (!this.#carried) return noCost;
    const { step, since, cost } = this.#carried;
    const flowMs = Math.max(0, this.#now() - since);
    this.#carried = { step, since: since + flowMs, cost: noCost };
    return sumOfCosts([cost, { ...noCost, flowMs }]);
  }

  #countTime(): void {
    if (this.#memoryMb === undefined) return;
    const now = this.#now();
    const lambdaMs = Math.max(0, now - this.#timedUntil);
    this.hear({ lambdaMs, lambdaMbMs: lambdaMs * this.#memoryMb });
    this.#timedUntil = now;
  }
}

/** In MB; a context says it as text. */
export function memoryOf({ memoryLimitInMB }: Pick<Context, "memoryLimitInMB">): number {
  return Math.round(Number(memoryLimitInMB)) || 0;
}

const meters = new AsyncLocalStorage<Meter>();

/** Runs `work` with a meter of its own, which hears everything that is consumed in it. */
export function metered<Result>(setting: Metered, work: (meter: Meter) => Promise<Result>): Promise<Result> {
  const meter = new Meter(setting);
  return meters.run(meter, () => work(meter));
}

/** The meter of what runs now; undefined where nobody meters, such as in a schedule's own reads. */
export function currentMeter(): Meter | undefined {
  return meters.getStore();
}

/** For the client of DynamoDB. */
export function hearUnits(consumed: ConsumedUnits): void {
  meters.getStore()?.hear(consumed);
}
