/** `transactions show`, `watch`, `cancel`, `resolve`: what is done with one transaction. */
import { amountText } from "./amounts.ts";
import type { ApiCall } from "./api.ts";
import { usage } from "./command-error.ts";
import { confirmed } from "./confirm.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { follow, isDecided, readTransaction, transactionExit } from "./follow.ts";
import { logText, type ShownTransaction, transactionText } from "./transaction-text.ts";

export async function showTransaction({ id }: { readonly id: string }, context: Context): Promise<number> {
  show(await readTransaction(await context.api(), id), context);
  return exitCodes.done;
}

export interface WatchOptions {
  readonly id: string;
  /** Absent: until it is over, however long that takes. */
  readonly waitSeconds: number | undefined;
}

/** For people each line of the log as it comes; at the end what became of it. */
export async function watchTransaction({ id, waitSeconds }: WatchOptions, context: Context): Promise<number> {
  const { terminal, now } = context;
  let told = 0;
  const onLook = ({ log }: ShownTransaction): void => {
    for (const entry of log.slice(told)) terminal.say(logText(entry, terminal.paint));
    told = log.length;
  };
  const until = waitSeconds === undefined ? {} : { until: new Date(now().getTime() + waitSeconds * 1000) };
  const transaction = await follow({ id, ...until, onLook }, context);
  terminal.show(transaction, () => endText(transaction));
  return transactionExit(transaction);
}

export async function cancelTransaction({ id }: { readonly id: string }, context: Context): Promise<number> {
  const transaction = await change(id, { path: "cancel" }, context);
  show(transaction, context);
  return transaction.status === "canceled" ? exitCodes.done : transactionExit(transaction);
}

export interface ResolveOptions {
  readonly id: string;
  readonly outcome: string;
  readonly reason: string;
  readonly providerTransactionId?: string;
  readonly yes?: boolean;
}

export async function resolveTransaction(options: ResolveOptions, context: Context): Promise<number> {
  const { id, yes = false, ...body } = options;
  if (!yes) {
    const ask = await context.person();
    if (!ask) throw usage("Nobody is here to confirm this: add --yes.");
    const transaction = await readTransaction(await context.api(), id);
    context.terminal.note(transactionText(transaction, context.terminal.paint), { transaction });
    const amount = transaction.amount ? amountText(transaction.amount) : "the rest";
    const question = `Say for good that this ${transaction.kind} of ${amount} ${meaningOf(body.outcome)}?`;
    if (!(await confirmed(question, ask))) throw usage("Not resolved.");
  }
  show(await change(id, { path: "resolve", body }, context), context);
  return exitCodes.done;
}

function meaningOf(outcome: string): string {
  return outcome === "succeeded" ? "succeeded: the money moved" : "failed: no money moved";
}

/** Each of these calls is harmless to repeat; its key only has to be there. */
async function change(
  id: string,
  { path, body }: Pick<ApiCall, "path" | "body">,
  context: Context,
): Promise<ShownTransaction> {
  const api = await context.api();
  const answer = await api.call<ShownTransaction>({
    method: "POST",
    path: `/v1/transactions/${encodeURIComponent(id)}/${path}`,
    headers: { "idempotency-key": `cli-${context.newId()}` },
    ...(body !== undefined && { body }),
  });
  return answer.body;
}

function show(transaction: ShownTransaction, { terminal }: Context): void {
  terminal.show(transaction, () => transactionText(transaction, terminal.paint));
}

function endText(transaction: ShownTransaction): string {
  const { id, status } = transaction;
  if (!isDecided(transaction)) return `${id} is still ${status}.`;
  return status === "needs_review"
    ? `${id} needs an operator: moneyback transactions resolve ${id}`
    : `${id} is ${status}.`;
}
