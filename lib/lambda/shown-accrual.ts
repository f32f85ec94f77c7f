/** What the API shows of accruals and of the schedules that pay them, for the API's description. */
import * as z from "zod/mini";
import { accrualStatuses } from "../domain/accrual.ts";
import { countField, momentField, pageOf, ShownAmount, textField } from "./shown-field.ts";
import { StatusField } from "./shown-transaction.ts";

const connection = textField("The connection that it goes through.", "main");
const wallet = textField("As the provider names it.");

export const ShownAccrual = z
  .object({
    id: textField("Derived from tenant and Idempotency-Key.", "acc_7w3k1m9t5c0xqz8d4rjv6h2e0b"),
    status: z
      .enum(accrualStatuses)
      .check(
        z.describe(
          "`waiting`: for the next run, also where what was to pay it failed. `paying`: a transaction is on its way. `paid`: that transaction succeeded. `canceled`: taken back.",
        ),
      ),
    connection,
    sender: z.exactOptional(
      z
        .object({ accountNumber: wallet, walletNumber: wallet })
        .check(z.describe("Who pays. Absent: the connection's own account.")),
    ),
    receiver: z.object({ walletNumber: wallet }).check(z.describe("Who is credited.")),
    amount: ShownAmount,
    description: z.exactOptional(textField("The caller's words.")),
    metadata: z.exactOptional(z.record(z.string(), z.string()).check(z.describe("The caller's own."))),
    createdAt: momentField("When it was accepted."),
    canceledAt: z.exactOptional(momentField("When it was taken back.")),
    transaction: z.exactOptional(
      z
        .object({ id: textField("Its id.", "txn_bmykmwf7sqt8w9gr0c4fr0g4k5"), status: StatusField })
        .check(z.describe("The cashback that pays it, together with others; or that was to, and failed.")),
    ),
  })
  .check(
    z.meta({ id: "Accrual", description: "A cashback that waits for the next run of its connection's schedule." }),
  );
export type ShownAccrual = z.infer<typeof ShownAccrual>;

export const ShownAccruals = pageOf(ShownAccrual, "AccrualPage", "Accruals, newest first.");

const ShownCashbackRun = z
  .object({
    id: textField("The run's id: its transactions are those whose `batch` it is.", "run_4d8q2v6n0s5m1x7c3kht9w2j0e"),
    dueAt: momentField("When the schedule wanted it."),
    status: z.enum(["running", "done"]).check(z.describe("Whether all of its transactions are made.")),
    transactions: countField("How many transactions it made."),
    accruals: countField("How many accruals these pay."),
    amounts: z.record(z.string(), countField("Minor units.")).check(z.describe("What they pay, by currency.")),
    rolledOver: countField("How many accruals go on waiting, as what they sum up to is below the minimum."),
    startedAt: momentField("When it began."),
    endedAt: z.exactOptional(momentField("When its last transaction was made.")),
  })
  .check(z.meta({ id: "CashbackRun", description: "One pass over all accruals that wait at a connection." }));

export const ShownSchedule = z
  .object({
    connection,
    cron: textField("When to pay.", "0 6 * * 1"),
    timeZone: textField("Whose clocks count, as an IANA time zone.", "Europe/Istanbul"),
    minimumPayout: z.exactOptional(
      z
        .record(z.string(), countField("Minor units."))
        .check(z.describe("By currency: what sums up to less is not paid, and waits for more.")),
    ),
    description: z.exactOptional(textField("Goes with each payment, to providers that take a text.")),
    paused: z.boolean().check(z.describe("Whether nothing is paid for now.")),
    nextRunAt: z.exactOptional(momentField("When it pays next; absent while it is paused.")),
    nextRuns: z.exactOptional(z.array(momentField("A time.")).check(z.describe("That time, and those after it."))),
    lastRun: z.exactOptional(ShownCashbackRun),
    createdAt: momentField("When it was first put."),
    updatedAt: momentField("When it was last put."),
  })
  .check(
    z.meta({ id: "CashbackSchedule", description: "When a connection's accruals are paid, and what came of it last." }),
  );
export type ShownSchedule = z.infer<typeof ShownSchedule>;

export const ShownScheduleDeletion = z
  .object({ connection: textField("The connection whose schedule it was."), deleted: z.literal(true) })
  .check(z.meta({ id: "CashbackScheduleDeleted", description: "There are no more runs." }));
export type ShownScheduleDeletion = z.infer<typeof ShownScheduleDeletion>;
