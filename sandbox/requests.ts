/** The requests that providers received, in order; no header and no body is kept, so no credential either. */

import type { FaultName } from "./faults.ts";

/** Older ones are forgotten. */
const KEPT_MAX = 5_000;

export interface RequestRecord {
  readonly at: string;
  readonly provider: string;
  /** `unknown` where no route matched. */
  readonly operation: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly reference?: string;
  /** The fault that struck it. */
  readonly fault?: FaultName;
  /** The HTTP status answered; the fault's name where nothing was answered, or nothing yet. */
  status: number | string;
}

export class RequestLog {
  #records: RequestRecord[] = [];

  /** The caller sets `status` on what it gets back once it knows. */
  add(record: RequestRecord): RequestRecord {
    this.#records.push(record);
    if (this.#records.length > KEPT_MAX * 2) this.#records = this.#records.slice(-KEPT_MAX);
    return record;
  }

  list(provider?: string): RequestRecord[] {
    return this.#records.slice(-KEPT_MAX).filter((each) => provider === undefined || each.provider === provider);
  }

  /** Forgets all; answers how many there were. */
  clear(): number {
    const cleared = Math.min(this.#records.length, KEPT_MAX);
    this.#records = [];
    return cleared;
  }
}
