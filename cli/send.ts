/** `spendback`, `refund`, `cashback`: asks for a movement under a key, and waits for its outcome. */
import type { Kind } from "../lib/domain/transaction.ts";
import { accrualExit, accrualText, type ShownAccrual } from "./accrual-text.ts";
import { CommandError } from "./command-error.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { follow, isDecided, transactionExit } from "./follow.ts";
import { type ShownTransaction, transactionText } from "./transaction-text.ts";

export interface Sending {
  readonly kind: Kind;
  readonly body: Readonly<Record<string, unknown>>;
  /** Absent: one is drawn, and told before anything is sent. */
  readonly key: string | undefined;
  readonly waitSeconds: number;
}

/** The longest that one call waits by itself. */
const callWaitSecondsMax = 25;

export async function send({ kind, body, key: given, waitSeconds }: Sending, context: Context): Promise<number> {
  const { terminal, now } = context;
  const key = given ?? `cli-${context.newId()}`;
  const api = await context.api();
  if (given === undefined) {
    terminal.note(
      `Idempotency-Key ${key} (the same command with --key ${key} repeats this call, and nothing moves twice)`,
      {
        idempotencyKey: key,
      },
    );
  }
  const until = new Date(now().getTime() + waitSeconds * 1000);
  const callWait = Math.min(waitSeconds, callWaitSecondsMax);
  const answer = await api
    .call<ShownTransaction | ShownAccrual>({
      method: "POST",
      path: `/v1/${kind}s`,
      body,
      headers: { "idempotency-key": key, ...(callWait > 0 && { prefer: `wait=${callWait}` }) },
      waitSeconds: callWait,
    })
    .catch((error: unknown) => {
      throw repeatable(error, key);
    });
  const isReplay = answer.headers.get("idempotent-replayed") === "true";
  const told = { idempotencyKey: key, replayed: isReplay };
  if (isAccrual(answer.body)) {
    const accrual = answer.body;
    terminal.show({ ...accrual, ...told }, () =>
      [accrualText(accrual), ...replayRemark("accrual", isReplay)].join("\n"),
    );
    return accrualExit(accrual);
  }
  const accepted = answer.body;
  const transaction = await follow({ id: accepted.id, known: accepted, until }, context).catch((error: unknown) => {
    throw repeatable(error, key, accepted.id);
  });
  terminal.show({ ...transaction, ...told }, () =>
    [transactionText(transaction, terminal.paint), ...remarks(transaction, isReplay)].join("\n"),
  );
  return transactionExit(transaction);
}

function remarks(transaction: ShownTransaction, isReplay: boolean): string[] {
  return [
    ...replayRemark("transaction", isReplay),
    ...(isDecided(transaction) ? [] : [`It is still open: moneyback transactions watch ${transaction.id}`]),
  ];
}

function replayRemark(what: "transaction" | "accrual", isReplay: boolean): string[] {
  return isReplay ? [`This key was used before: it is the same ${what}, and nothing was sent again.`] : [];
}

/** The refusals that leave a failed transaction: the key stands for it, and moves nothing ever. */
const finalRefusals: readonly string[] = ["refund_exceeds_remaining"];

/** Where no answer came, or none that says no, the call may have been accepted: the key makes a repeat safe. */
function repeatable(error: unknown, idempotencyKey: string, transactionId?: string): unknown {
  if (!(error instanceof CommandError) || error.problem.code === "usage") return error;
  const known = { idempotencyKey, ...(transactionId !== undefined && { transactionId }) };
  if (finalRefusals.includes(error.problem.code)) return error.as(exitCodes.failed).with(known);
  const isRefused = error.exitCode === exitCodes.refused;
  return error.with(
    known,
    isRefused ? "" : ` Whether it was accepted is not known: repeat it with --key ${idempotencyKey}.`,
  );
}

function isAccrual(body: ShownTransaction | ShownAccrual): body is ShownAccrual {
  return body.id.startsWith("acc_");
}
