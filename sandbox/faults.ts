/** The faults that can be armed, what each does to a call, and the queue in which they wait. */

import type { MovementDraft } from "./movement.ts";

/** What may happen to any call: before it does anything, or after it did, with the answer lost. */
export const answerFaults = [
  "timeout-before",
  "timeout-after",
  "reset-before",
  "reset-after",
  "error-500-before",
  "error-500-after",
  "garbage-200",
  "slow",
  "rate-limit",
] as const;

/** Calls that carry a token. */
export const tokenFaults = ["expired-token"] as const;

/** Calls that move money and can be looked up. */
export const movementFaults = ["pending-then-settled", "pending-then-failed", "late-lookup"] as const;

/** Calls whose movement the provider also tells by webhook: three times, or before the call itself is answered. */
export const webhookFaults = ["duplicate-webhook", "webhook-first"] as const;

export const faultNames = [...answerFaults, ...tokenFaults, ...movementFaults, ...webhookFaults] as const;

export type FaultName = (typeof faultNames)[number];

export interface Fault {
  readonly provider: string;
  readonly operation: string;
  readonly fault: FaultName;
  /** How many matching calls it still strikes. */
  readonly times: number;
  /** `slow`: the delay; `timeout-*`: how long it stays silent; movement faults: when it ripens without any lookup. */
  readonly delayMs?: number;
  /** Movement faults: the lookup at which a pending one ends, or how many lookups a late one stays invisible. */
  readonly lookups?: number;
}

export interface ArmedFault extends Fault {
  readonly id: string;
}

export const takesDelay = (fault: FaultName): boolean =>
  fault === "slow" || fault.startsWith("timeout-") || takesLookups(fault);

export const takesLookups = (fault: FaultName): boolean => movementFaults.some((each) => each === fault);

/** Faults wait in the order in which they were armed; each call takes at most one. */
export class FaultQueue {
  #armed: ArmedFault[] = [];
  #count = 0;

  arm(fault: Fault): ArmedFault {
    this.#count += 1;
    const armed = { id: `fault_${this.#count}`, ...fault };
    this.#armed.push(armed);
    return armed;
  }

  take(provider: string, operation: string): ArmedFault | undefined {
    const index = this.#armed.findIndex((each) => each.provider === provider && each.operation === operation);
    const taken = this.#armed[index];
    if (!taken) return undefined;
    if (taken.times > 1) this.#armed[index] = { ...taken, times: taken.times - 1 };
    else this.#armed.splice(index, 1);
    return taken;
  }

  list(): readonly ArmedFault[] {
    return this.#armed;
  }

  /** Disarms all; answers how many there were. */
  clear(): number {
    const cleared = this.#armed.length;
    this.#armed = [];
    return cleared;
  }
}

/** What a movement recorded under a fault carries; nothing where the fault is not about movements. */
export type Fate = Pick<MovementDraft, "status" | "plan">;

/** Pending ones end at their second lookup, late ones show at the third, or once `delayMs` has passed. */
export const fateOf = (fault: Fault | undefined, now: number): Fate => {
  if (!fault || !takesLookups(fault.fault)) return {};
  const { delayMs, lookups = delayMs === undefined ? 2 : undefined } = fault;
  const trigger = {
    ...(lookups === undefined ? {} : { lookups }),
    ...(delayMs === undefined ? {} : { at: new Date(now + delayMs).toISOString() }),
  };
  if (fault.fault === "late-lookup") return { plan: { hidden: trigger } };
  const status = fault.fault === "pending-then-settled" ? "settled" : "failed";
  return { status: "pending", plan: { becomes: { ...trigger, status } } };
};
