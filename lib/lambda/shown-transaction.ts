/** What the API shows of a transaction, member by member, for the API's description; `present.ts` makes it. */
import * as z from "zod/mini";
import { failureMessages } from "../domain/outcome.ts";
import { kinds, statuses } from "../domain/transaction.ts";
import { ShownCost } from "./shown-cost.ts";
import { countField, momentField, pageOf, ShownAmount, textField } from "./shown-field.ts";

export const StatusField = z.enum(statuses).check(
  z.meta({
    id: "TransactionStatus",
    description:
      "`pending`: nothing was sent. `processing`: sent, or about to be. `succeeded` and `failed`: the provider's own word, or surely nothing was sent. `canceled`: taken back. `needs_review`: the provider cannot tell, and an operator decides.",
  }),
);

const ShownLogEntry = z
  .object({
    at: momentField("When it was learned first."),
    status: StatusField,
    by: textField(
      "`api`, `event`, `flow`, `follow-up`, `batch`, `schedule`, or `key:` and the id of an API key.",
      "flow",
    ),
    detail: z.exactOptional(textField("What was learned, in a few words.", "attempt claimed")),
    count: z.exactOptional(countField("How often the same was learned, where that is more than once.")),
    lastAt: z.exactOptional(momentField("When it was learned last.")),
  })
  .check(z.meta({ id: "LogEntry", description: "One thing that was learned about a transaction." }));

const ShownSplit = z
  .object({
    linkedAccount: textField("The linked account that pays its share back."),
    percent: z.exactOptional(textField("As it was asked for.", "5.75")),
    amount: z.exactOptional(countField("Minor units; final once the refund's amount is known.")),
  })
  .check(z.meta({ id: "Share", description: "A linked account's share of a refund." }));

export const ShownFailure = z
  .object({
    code: textField(
      `Why, as a word of a list that grows; today ${Object.keys(failureMessages).join(", ")}.`,
      "insufficient_funds",
    ),
    message: textField("The same in a sentence."),
    providerCode: z.exactOptional(textField("The provider's own code, as it came.")),
  })
  .check(z.meta({ id: "Failure", description: "Why a transaction failed." }));

const wallet = textField("As the provider names it.");

export const ShownTransaction = z
  .object({
    id: textField("Derived from tenant, kind and Idempotency-Key.", "txn_bmykmwf7sqt8w9gr0c4fr0g4k5"),
    kind: z.enum(kinds).check(z.describe("What moves money back.")),
    status: StatusField,
    connection: textField("The connection that it goes through.", "main"),
    provider: textField("The connection's provider."),
    amount: z
      .exactOptional(ShownAmount)
      .check(z.describe("Absent on a refund of the rest until it is known how much that is.")),
    recipient: z.exactOptional(
      z
        .object({
          id: z.exactOptional(textField("The provider's id.")),
          ref: z.exactOptional(textField("The merchant's reference at the provider.")),
          email: z.exactOptional(textField("The e-mail address at the provider.")),
        })
        .check(z.describe("A spendback's payee, who pays back.")),
    ),
    original: z.exactOptional(textField("What a refund returns: the provider's id, or a transaction of ours.")),
    originalAmount: z
      .exactOptional(ShownAmount)
      .check(z.describe("What the original was, by the caller's word or our own record.")),
    splits: z.exactOptional(z.array(ShownSplit).check(z.describe("Shares of a refund that linked accounts pay."))),
    account: z.exactOptional(
      z
        .object({
          accountNumber: z.exactOptional(wallet),
          walletId: z.exactOptional(wallet),
          currency: z.exactOptional(textField("ISO 4217.")),
        })
        .check(z.describe("Where a refund goes, for providers that must be told.")),
    ),
    sender: z.exactOptional(
      z.object({ accountNumber: wallet, walletNumber: wallet }).check(z.describe("Who pays a cashback.")),
    ),
    receiver: z.exactOptional(z.object({ walletNumber: wallet }).check(z.describe("Who is credited by a cashback."))),
    description: z.exactOptional(textField("The caller's words.")),
    metadata: z.exactOptional(
      z.record(z.string(), z.string()).check(z.describe("The caller's own, never sent to a provider.")),
    ),
    batch: z.exactOptional(textField("The batch or run that it belongs to.")),
    batchRow: z.exactOptional(countField("Its row there, counted from 1.")),
    accruals: z.exactOptional(
      z
        .object({
          payout: textField("Names what was put together.", "pay_1c5g9m3t7y2d6k0q4v8a1e5j9n"),
          count: countField("How many they are."),
        })
        .check(z.describe("The accruals that a run's cashback pays: `GET /v1/accruals?transaction=` lists them.")),
    ),
    notBefore: z.exactOptional(momentField("When its turn comes, where it is not to start at once.")),
    attempts: countField("How many attempts at the provider were claimed."),
    providerTransactionId: z.exactOptional(textField("The provider's id of the movement, once it is known.")),
    alarm: z.exactOptional(
      textField("`duplicate_detected`: two movements carry one reference, and an operator is asked."),
    ),
    resolution: z.exactOptional(
      z
        .object({
          reason: textField("The operator's words."),
          by: textField("`key:` and the id of the operator's API key."),
          at: momentField("When."),
        })
        .check(z.describe("What an operator decided where the provider could not tell.")),
    ),
    failure: z.exactOptional(ShownFailure),
    cost: z.exactOptional(ShownCost),
    createdAt: momentField("When it was accepted."),
    updatedAt: momentField("When the newest thing was learned."),
    nextActionAt: z.exactOptional(momentField("When it is looked at again; absent once the last word is spoken.")),
    log: z.array(ShownLogEntry).check(z.describe("Everything that was learned, oldest first.")),
  })
  .check(z.meta({ id: "Transaction", description: "One request to move money back." }));
export type ShownTransaction = z.infer<typeof ShownTransaction>;

export const ShownTransactions = pageOf(ShownTransaction, "TransactionPage", "Transactions, newest first.");
