/** Whether an order may be sent once more although it is in doubt: the policy of the design, §3.4, in one place. */
import { attemptsPerhapsSent, isClaim } from "../domain/log-entry.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { Movement } from "./movement.ts";

/** Nobody needs more: what is lost this often is not lost by chance, and an operator should see it. */
const attemptsMax = 6;

/** The provider must remember the first attempt for this long after the last one is sent. */
const marginMs = 86_400_000;

/** How much longer the last call of ours may be on its way, or what it did unlisted. */
export function unlistedForMs(
  { log }: Transaction,
  { config }: ConfiguredConnection,
  { rejectsDuplicates }: Pick<Movement, "rejectsDuplicates">,
  now: Date,
): number {
  const last = log.findLast(isClaim);
  if (!last) return 0;
  const lagMs = rejectsDuplicates ? rejectsDuplicates.lookupLagMs : 0;
  return Date.parse(last.at) + config.timeoutMs + lagMs - now.getTime();
}

/**
 * After a lookup that found nothing of the attempt `lookedFor`, and only where the provider's documents prove that it rejects a
 * reference that it has seen:
 *
 *   claimed ── timeoutMs: no call of ours lives longer ── lookupLagMs: by now it would be listed ── nothing ─▶ once more
 */
export function maySendAgain(
  transaction: Transaction,
  lookedFor: number,
  connection: ConfiguredConnection,
  movement: Pick<Movement, "rejectsDuplicates">,
  now: Date,
): boolean {
  const { attempts, log } = transaction;
  const { rejectsDuplicates } = movement;
  const first = log.find(isClaim);
  if (!rejectsDuplicates || first === undefined) return false;
  if (attempts !== lookedFor || attemptsPerhapsSent(transaction) >= attemptsMax) return false;
  const isListedByNow = unlistedForMs(transaction, connection, movement, now) <= 0;
  return isListedByNow && now.getTime() - Date.parse(first.at) < rejectsDuplicates.remembersMs - marginMs;
}
