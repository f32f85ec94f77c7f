/** A transaction: one request to move money back, with the log of everything that was learned about it. */
import * as z from "zod/mini";
import { Cost } from "./cost.ts";
import type { Amount } from "./money.ts";
import type { FailureCode } from "./outcome.ts";

export const kinds = ["spendback", "refund", "cashback"] as const;
export type Kind = (typeof kinds)[number];

export const statuses = ["pending", "processing", "succeeded", "failed", "canceled", "needs_review"] as const;
export type Status = (typeof statuses)[number];

/** Where each status may lead. `processing → processing` is news that changes no state, such as another lookup. */
export const successors: Readonly<Record<Status, readonly Status[]>> = {
  pending: ["pending", "processing", "failed", "canceled"],
  processing: ["processing", "succeeded", "failed", "needs_review", "canceled"],
  needs_review: ["succeeded", "failed"],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** Whether the last word is spoken. */
export function isFinal(status: Status): boolean {
  return successors[status].length === 0;
}

/** Whether an attempt is claimed whose outcome is not recorded: only a lookup, or its own call, can tell. */
export function isInDoubt(transaction: Transaction | undefined): transaction is Transaction {
  return transaction?.status === "processing" && transaction.attempt === "open";
}

const text = z.string().check(z.minLength(1));

/** A word of a list that grows: what a newer version wrote is read as it stands. */
function openText<Word extends string>(): z.ZodMiniType<Word> {
  return text as z.ZodMiniType<string> as z.ZodMiniType<Word>;
}

/** Who pays back: the provider's id, its own reference, or an e-mail address, as far as the provider needs them. */
export const Recipient = z.strictObject({
  id: z.exactOptional(text),
  ref: z.exactOptional(text),
  email: z.exactOptional(text),
});
export type Recipient = z.infer<typeof Recipient>;

/** Whose account a refund goes to, for providers that must be told: a number, or a wallet and its currency. */
export const RefundAccount = z.strictObject({
  accountNumber: z.exactOptional(text),
  walletId: z.exactOptional(text),
  currency: z.exactOptional(text),
});
export type RefundAccount = z.infer<typeof RefundAccount>;

/** One line of a transaction's log. `count` and `lastAt` say how often the same was learned again, until when. */
export const LogEntry = z.object({
  at: text,
  status: z.enum(statuses),
  /** `api`, `flow`, `follow-up`, `schedule`, or `key:` and an API key's id. */
  by: text,
  detail: z.exactOptional(text),
  count: z.exactOptional(z.int()),
  lastAt: z.exactOptional(text),
});
export type LogEntry = z.infer<typeof LogEntry>;

/**
 * `open`: a claimed attempt whose outcome is not recorded; a request may be on its way.
 * `not-sent`: the last attempt surely sent nothing, so another may be claimed.
 */
const attemptStates = ["open", "not-sent"] as const;

/** Money as it is stored. */
export const AmountItem = z.pipe(
  z.strictObject({ value: z.int().check(z.minimum(1)), currency: text }),
  z.transform((amount) => amount as Amount),
);

/** A share of a refund. Its amount is final once the refund's is. */
const SplitRow = z.strictObject({
  linkedAccount: text,
  percent: z.exactOptional(text),
  amount: z.exactOptional(z.int().check(z.minimum(0))),
});

/**
 * A transaction as it is stored. Optional members are absent, never null. Members that a newer version wrote are passed
 * over: functions are not deployed all at once, and an item that cannot be read cannot be brought to its end.
 */
export const Transaction = z.object({
  id: text,
  tenant: text,
  kind: z.enum(kinds),
  status: z.enum(statuses),
  connection: text,
  provider: text,
  /** Absent only on a refund of "the rest", until the flow has learned how much that is. */
  amount: z.exactOptional(AmountItem),
  recipient: z.exactOptional(Recipient),
  /** What a refund returns: the provider's id, or one of our transactions. */
  original: z.exactOptional(text),
  /** The provider's id of the original, where `original` is one of our transactions. */
  providerOriginal: z.exactOptional(text),
  /** What the original was, as the caller or our own record says; counts only where the provider has no figure. */
  originalAmount: z.exactOptional(AmountItem),
  splits: z.exactOptional(z.array(SplitRow)),
  account: z.exactOptional(RefundAccount),
  sender: z.exactOptional(z.strictObject({ accountNumber: text, walletNumber: text })),
  receiver: z.exactOptional(z.strictObject({ walletNumber: text })),
  description: z.exactOptional(text),
  metadata: z.exactOptional(z.record(z.string(), z.string())),
  /** The batch or run that it belongs to, and its row there, counted from 1. */
  batch: z.exactOptional(text),
  batchRow: z.exactOptional(z.int()),
  /** The accruals that it pays, where it is a run's: how many, and the payout that names them. */
  accruals: z.exactOptional(z.strictObject({ payout: text, count: z.int() })),
  /** When its turn comes, where it was not to start at once. */
  notBefore: z.exactOptional(text),
  /** SHA-256 of the request: tells a repeat from a reused key after the idempotency record is gone. */
  fingerprint: text,
  /** How many attempts at the provider were claimed. */
  attempts: z.int(),
  attempt: z.exactOptional(z.enum(attemptStates)),
  /** Drawn by whoever claimed the attempt: tells its own claim, whose answer was lost, from another's. */
  attemptId: z.exactOptional(text),
  /** What the connector noted before the attempt, for its lookups. */
  snapshot: z.exactOptional(text),
  /** Over, but what it held (a part of the original, the account's turn) is not given back yet. */
  owed: z.exactOptional(z.literal(true)),
  providerTransactionId: z.exactOptional(text),
  /** What an operator should hear of at once. */
  alarm: z.exactOptional(openText<"duplicate_detected">()),
  /** What an operator decided where the provider could not tell, and why. */
  resolution: z.exactOptional(z.strictObject({ reason: text, by: text, at: text })),
  failure: z.exactOptional(
    z.strictObject({ code: openText<FailureCode>(), message: z.string(), providerCode: z.exactOptional(text) }),
  ),
  /** What it consumed until its newest write, that one included; absent where nothing was metered. */
  cost: z.exactOptional(Cost),
  createdAt: text,
  /** When something must be done about it, ISO 8601. Absent once the last word is spoken. */
  nextActionAt: z.exactOptional(text),
  log: z.array(LogEntry).check(z.minLength(1)),
});
export type Transaction = z.infer<typeof Transaction>;

/** A transaction whose amount is known: every one but a refund of "the rest" that the flow has not looked at yet. */
export type PricedTransaction = Transaction & { readonly amount: Amount };

export function isPriced(transaction: Transaction): transaction is PricedTransaction {
  return transaction.amount !== undefined;
}

/** The time of the newest thing learned. */
export function updatedAt(transaction: Transaction): string {
  return transaction.log.map((line) => line.lastAt ?? line.at).reduce((one, other) => (one > other ? one : other));
}
