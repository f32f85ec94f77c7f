/** A rule of the bus, and an event as it hands it to a rule's function. */
import type { EventPattern } from "./event-pattern.ts";

export interface Rule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly function: string;
  /** How often a failed invocation is made again: twice, unless it is said. */
  readonly retryAttempts?: number;
  /** Where the record of an event goes that was given up. Absent: it is only remembered. */
  readonly deadLetterQueue?: string;
}

/** An event as a rule's function receives it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}
