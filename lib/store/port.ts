/** What the rest of the product asks of a store. Every change is one conditional write on one item. */
import type { Session } from "../domain/session.ts";
import type { Kind, Status, Transaction } from "../domain/transaction.ts";
import type { Transition } from "../domain/transition.ts";

export interface TransactionStore {
  /**
   * Puts the transaction unless its id exists; then the stored one comes back, unchanged. None comes back where the id is
   * reserved: there is no transaction under it, and never will be.
   */
  create(
    transaction: Transaction,
  ): Promise<{ created: true; transaction: Transaction } | { created: false; transaction: Transaction | undefined }>;
  /**
   * Takes an id, for ever, for something that is no transaction, so that none can be made under it. True where it is taken for
   * the request with this fingerprint, by this call or an earlier one; false where there is a transaction, or another request has it.
   */
  reserve(id: string, fingerprint: string): Promise<boolean>;
  /** `consistent` sees every write that was answered before; without it an answer may be a moment old, at half the price. */
  get(id: string, consistency: "consistent" | "eventual"): Promise<Transaction | undefined>;
  /** Carries out a transition if what it expects holds. Otherwise nothing changes and the stored transaction, if any, comes back. */
  advance(
    id: string,
    transition: Transition,
  ): Promise<{ advanced: true; transaction: Transaction } | { advanced: false; transaction: Transaction | undefined }>;
}

/** Many transactions by their ids. */
export interface TransactionReader {
  /** Those that are there, by id. */
  many(ids: readonly string[], consistency: "consistent" | "eventual"): Promise<ReadonlyMap<string, Transaction>>;
  /** The same, and beside them the ids that are reserved. */
  standing(
    ids: readonly string[],
    consistency: "consistent" | "eventual",
  ): Promise<ReadonlyMap<string, Transaction | "reserved">>;
}

/** Many transactions at once, through the table's indexes. */
export interface TransactionLists {
  /** One page of a tenant's transactions, newest first. */
  list(query: TransactionQuery): Promise<TransactionPage>;
  /**
   * Transactions whose next action is at or before `now`, the longest overdue first; at most `limit` of them. What stands in line for
   * its turn is not among them.
   */
  due(now: Date, limit: number): Promise<readonly string[]>;
  /** One page of those that stand in line and whose turn is at or before `now`: the longest waiting first, also across pages, by and large. */
  waiting(now: Date, limit: number, after?: string): Promise<WaitingPage>;
}

export interface WaitingPage {
  readonly items: readonly InLine[];
  /** Where the next page begins; absent at the end. A page may be short, and still have a next one. */
  readonly next?: string;
}

/** A transaction that stands in line at its connection. */
export interface InLine {
  readonly id: string;
  readonly connection: string;
  /** Its turn. */
  readonly at: string;
}

export interface TransactionQuery {
  readonly tenant: string;
  /** How many at most. */
  readonly limit: number;
  readonly kind?: Kind;
  readonly status?: Status;
  readonly connection?: string;
  readonly batch?: string;
  /** Refunds of this original, as the caller named it. */
  readonly original?: string;
  /** Created at or after, ISO 8601 with milliseconds. */
  readonly from?: string;
  /** Created before, ISO 8601 with milliseconds. */
  readonly to?: string;
  /** Where the page before ended. */
  readonly before?: string;
}

export interface TransactionPage {
  readonly items: readonly Transaction[];
  /** Where the next page begins. A page may be short, even empty, and still have a next one: see `list`. */
  readonly next?: string;
}

export interface ClaimStore {
  /**
   * Claims an idempotency key for a request. If it is claimed already and not expired, the fingerprint of the request
   * that holds it comes back.
   */
  claim(
    id: string,
    fingerprint: string,
    now: Date,
  ): Promise<{ claimed: true } | { claimed: false; fingerprint: string }>;
}

/** Claims that can be looked at without making one. */
export interface ClaimLookup {
  /** What holds the claim now: the fingerprint it was claimed with. Always consistent. Undefined where it is free. */
  find(id: string, now: Date): Promise<string | undefined>;
}

export interface SessionStore {
  /** The newest session that was saved, or undefined. Always consistent: a token that was just renewed must be seen. */
  get(id: string): Promise<Session | undefined>;
  /**
   * Takes the right to log in until `until`, so that of many callers one does. Undefined while another holds it; else what
   * was saved last, as it stands under the lease: somebody may have logged in since one looked.
   */
  lease(id: string, now: Date, until: Date): Promise<{ readonly session: Session | undefined } | undefined>;
  /** Saves a session and gives the lease back. */
  save(id: string, session: Session): Promise<void>;
  /** Gives the lease back after a login that failed. */
  release(id: string): Promise<void>;
}

/** How long an idempotency key is remembered. */
export const claimDays = 30;
