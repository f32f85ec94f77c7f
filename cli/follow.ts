/** Follows a transaction until it is over, asking less and less often. */
import type { Api } from "./api.ts";
import { CommandError } from "./command-error.ts";
import type { Context } from "./context.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { ShownTransaction } from "./transaction-text.ts";

/** Waits between looks: a fast provider is done within a second, a slow one may take days. */
const firstLookMs = 250;
const lookMsMax = 5_000;
const slowdown = 1.5;

/** A service that is being deployed, or a network that changes, comes back within this many looks. */
const failuresMax = 8;

export interface Following {
  readonly id: string;
  /** What is known of it already. */
  readonly known?: ShownTransaction;
  /** Ends at this time, over or not; absent: only when it is over. */
  readonly until?: Date;
  /** Called with each look's answer. */
  readonly onLook?: (transaction: ShownTransaction) => void;
}

/** Whether waiting on would be in vain: it is over, or an operator must act. A status of a newer service is open. */
export function isDecided({ status }: Pick<ShownTransaction, "status">): boolean {
  return transactionExit({ status }) !== exitCodes.open;
}

/** The exit code that a transaction stands for. */
export function transactionExit({ status }: Pick<ShownTransaction, "status">): number {
  return exitCodeOf[status] ?? exitCodes.open;
}

/** The transaction as it was seen last. @throws CommandError where it cannot be read at all, or not for long */
export async function follow({ id, known, until, onLook }: Following, context: Context): Promise<ShownTransaction> {
  const api = await context.api();
  let seen = known;
  let failures = 0;
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(pauseMs * slowdown, lookMsMax)) {
    const leftMs = until ? until.getTime() - context.now().getTime() : Number.POSITIVE_INFINITY;
    if (seen && (isDecided(seen) || leftMs <= 0 || context.terminal.isClosed())) return seen;
    if (seen) await context.sleep(Math.min(pauseMs, leftMs));
    try {
      seen = await readTransaction(api, id);
      failures = 0;
      onLook?.(seen);
    } catch (error) {
      failures += 1;
      if (!seen || !isPassing(error) || failures >= failuresMax) throw error;
    }
  }
}

export async function readTransaction(api: Api, id: string): Promise<ShownTransaction> {
  const { body } = await api.call<ShownTransaction>({
    method: "GET",
    path: `/v1/transactions/${encodeURIComponent(id)}`,
  });
  return body;
}

/** Nobody answered, too many asked, or the service had a fault: the next look may succeed. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof CommandError)) return false;
  return error.exitCode === exitCodes.unreachable || ["internal", "rate_limited"].includes(error.problem.code);
}
