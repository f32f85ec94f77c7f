/** A transaction as the API shows it, and as people read it. */
import type { Balance } from "../lib/domain/money.ts";
import type { LogEntry, Status, Transaction } from "../lib/domain/transaction.ts";
import { amountText } from "./amounts.ts";
import { type Color, plain, type Terminal } from "./terminal.ts";

/** What the API shows of a transaction. */
export type ShownTransaction = Omit<
  Transaction,
  "tenant" | "fingerprint" | "attempt" | "attemptId" | "snapshot" | "cost"
> & {
  readonly updatedAt: string;
  /** At AWS's list prices, as decimal text. */
  readonly cost?: { readonly dollars: string };
};

type Paint = Terminal["paint"];

const statusColors: Readonly<Partial<Record<Status, Color>>> = {
  succeeded: "green",
  failed: "red",
  canceled: "red",
  needs_review: "yellow",
};

export function paintStatus(paint: Paint, status: Status, text: string): string {
  const color = statusColors[status];
  return color ? paint(color, text) : text;
}

/** Everything that is known of it, with its log. */
export function transactionText(transaction: ShownTransaction, paint: Paint): string {
  const { id, kind, status, connection, provider, attempts, failure, metadata = {}, resolution } = transaction;
  const facts: [name: string, text: string | undefined][] = [
    ["amount", transaction.amount ? amountText(transaction.amount) : "the rest"],
    ["connection", connection === provider ? connection : `${connection} (${provider})`],
    ["recipient", named(transaction.recipient)],
    ["original", transaction.original],
    ["account", named(transaction.account)],
    ["sender", named(transaction.sender)],
    ["receiver", named(transaction.receiver)],
    ...(transaction.splits ?? []).map((share): [string, string] => ["share", shareText(share, transaction.amount)]),
    ["description", transaction.description],
    ["metadata", named(metadata)],
    ["batch", transaction.batch],
    ["attempts", String(attempts)],
    ["provider's id", transaction.providerTransactionId],
    ["failure", failure && `${failure.code}: ${failure.message}`],
    ["alarm", transaction.alarm],
    ["resolved", resolution && `by ${resolution.by}: ${resolution.reason}`],
    ["next look", transaction.nextActionAt],
    ["cost", transaction.cost && `${transaction.cost.dollars} USD at AWS's list prices`],
  ];
  const shown = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
  return [
    `${id}  ${kind}  ${paintStatus(paint, status, status)}`,
    ...shown.map(([name, text]) => `  ${paint("dim", name.padEnd(13))}  ${plain(text)}`),
    `  ${paint("dim", "log")}`,
    ...transaction.log.map((entry) => `    ${logText(entry, paint)}`),
  ].join("\n");
}

/** One line of the log. */
export function logText({ at, status, by, detail, count, lastAt }: LogEntry, paint: Paint): string {
  const often = count !== undefined ? ` (${count} times, the last at ${lastAt ?? at})` : "";
  const line = `${at}  ${paintStatus(paint, status, status.padEnd(12))}  ${plain(by).padEnd(9)}  ${plain(detail ?? "")}${often}`;
  return line.trimEnd();
}

function named(members: Readonly<Record<string, string>> | undefined): string | undefined {
  return (
    members &&
    Object.entries(members)
      .map((pair) => pair.join(" "))
      .join(", ")
  );
}

function shareText(
  { linkedAccount, percent, amount }: NonNullable<Transaction["splits"]>[number],
  whole: Balance | undefined,
): string {
  const value =
    amount === undefined ? "" : whole ? amountText({ ...whole, value: amount as Balance["value"] }) : amount;
  return [linkedAccount, percent !== undefined && `${percent} %`, value].filter(Boolean).join("  ");
}
