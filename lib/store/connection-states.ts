/** What all Lambdas together know of a connection right now: when its next request may go, and whether its provider is down. */

/** A run of failures. All of it is forgotten at the first success. */
export interface ConnectionState {
  /** Failed requests in a row, whoever made them; at least 1. */
  readonly failures: number;
  /** When the first of them failed, ISO 8601. */
  readonly failingSince: string;
  /** Until then nobody calls; after it one caller at a time may try. Absent: the breaker is closed. */
  readonly openUntil?: string;
  /** How often it opened in this run of failures. */
  readonly openings: number;
}

/** A place in the queue of a connection's requests. */
export type Slot =
  /** The caller's own: it waits until `at` (milliseconds since the epoch), then sends. */
  | { readonly taken: true; readonly at: number }
  /** The next free one would be at `at`, which is later than the caller wants to wait. Nothing was taken. */
  | { readonly taken: false; readonly at: number };

export interface SlotRequest {
  readonly now: number;
  /** How far apart slots are; at least 1. */
  readonly intervalMs: number;
  /** The last moment that the caller would wait for; not before `now`. */
  readonly latest: number;
}

/**
 * Hints, of which none is worth a long wait: a store gives up on each within a second, and its callers do without.
 */
export interface ConnectionStateStore {
  /** The run of failures, or undefined where the last request that was noted succeeded. May be a moment old. */
  get(connection: string): Promise<ConnectionState | undefined>;
  /**
   * Takes the next free slot: of two callers, whoever they are, each gets its own. What was not used is not saved up.
   */
  takeSlot(connection: string, request: SlotRequest): Promise<Slot>;
  /** Counts one more failure in a row; answers with the state after it. */
  fail(connection: string, now: Date): Promise<ConnectionState>;
  /** Opens the breaker until a time, and counts the opening, unless it was opened or the run ended since it was seen. */
  open(connection: string, seen: ConnectionState, until: Date): Promise<void>;
  /** Takes the right to try, where the breaker's time is over: it is open until `until` for everybody else. True for one caller. */
  probe(connection: string, seen: ConnectionState, until: Date): Promise<boolean>;
  /** Forgets the run of failures. */
  recover(connection: string): Promise<void>;
}
