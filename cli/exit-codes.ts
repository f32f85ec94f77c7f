/** How the command ends, for scripts. docs/cli.md lists the same. */
import type { Status } from "../lib/domain/transaction.ts";

export const exitCodes = {
  /** What was asked for is done; a transaction that was waited for has succeeded. */
  done: 0,
  /** A mistake on the command line, or something that nobody expected. */
  failure: 1,
  /** The API refused the call (4xx). */
  refused: 2,
  /** The transaction failed or was canceled: no money moved. */
  failed: 3,
  /** An operator has to say how the transaction ended. */
  needsReview: 4,
  /** The transaction was still open when the wait ended. */
  open: 5,
  /** The service, or for keys the database, did not answer. */
  unreachable: 6,
  /** Ctrl-C, as shells have it. */
  interrupted: 130,
} as const;

/** The exit code of a transaction's status. */
export const exitCodeOf: Readonly<Record<Status, number>> = {
  pending: exitCodes.open,
  processing: exitCodes.open,
  succeeded: exitCodes.done,
  failed: exitCodes.failed,
  canceled: exitCodes.failed,
  needs_review: exitCodes.needsReview,
};

/** The statuses, for help texts. Not from the domain's own list: with its schemas it takes longer to load than all of the help. */
export const statusNames = Object.keys(exitCodeOf).join(", ");
