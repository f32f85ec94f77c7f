/** The commands that move money: `spendback`, `refund`, `cashback`, with an option for every field of their calls. */
import type { Command } from "commander";
import type { Amount } from "../lib/domain/money.ts";
import { readAmount } from "./amounts.ts";
import { usage } from "./command-error.ts";
import type { Run } from "./context.ts";
import { given, type MoneyOptions, sendAs, withShared } from "./money-options.ts";
import { filled, many, once } from "./option-readers.ts";
import { readShare, type Share, type ShareWish, sharesIn } from "./shares.ts";

const amountFormat = 'such as "19.99 USD": a point before the decimals, nothing between thousands';

export function addMoneyCommands(program: Command, run: Run): void {
  addSpendback(program, run);
  addRefund(program, run);
  addCashback(program, run);
}

interface SpendbackOptions extends MoneyOptions {
  readonly recipientId?: string;
  readonly recipientRef?: string;
  readonly recipientEmail?: string;
}

function addSpendback(program: Command, run: Run): void {
  const command = program
    .command("spendback")
    .summary("a payee's wallet pays the merchant")
    .description("A payee's wallet pays the merchant. Name the recipient by what the provider needs.")
    .requiredOption("--connection <id>", "the connection to use", once(filled))
    .requiredOption("--amount <amount>", amountFormat, once(readAmount))
    .option("--recipient-id <id>", "who pays back, by the provider's id", once(filled))
    .option("--recipient-ref <ref>", "by the provider's own reference", once(filled))
    .option("--recipient-email <email>", "by e-mail address", once(filled));
  withShared(command).action((options: SpendbackOptions) =>
    run(async (context) => {
      const recipient = given({ id: options.recipientId, ref: options.recipientRef, email: options.recipientEmail });
      if (!recipient) throw usage("Name who pays back: --recipient-id, --recipient-ref or --recipient-email.");
      return sendAs("spendback", options, { recipient }, context);
    }),
  );
}

interface RefundOptions extends MoneyOptions {
  readonly original: string;
  readonly originalAmount?: Amount;
  readonly split?: readonly ShareWish[];
  readonly accountNumber?: string;
  readonly walletId?: string;
  readonly accountCurrency?: string;
}

function addRefund(program: Command, run: Run): void {
  const command = program
    .command("refund")
    .summary("an earlier payment returns, wholly or partly")
    .description("An earlier payment returns, wholly, partly, or with shares clawed back from linked accounts.")
    .requiredOption("--connection <id>", "the connection to use", once(filled))
    .requiredOption(
      "--original <id>",
      "the payment that returns, by the provider's id or a transaction of ours",
      once(filled),
    )
    .option("--amount <amount>", `${amountFormat}; without it, what is left`, once(readAmount))
    .option("--original-amount <amount>", "what the payment was, where the provider cannot tell", once(readAmount))
    .option("--split <share>", 'ACCOUNT=5.75% or "ACCOUNT=5.00 USD"; once for each linked account', many(readShare))
    .option(
      "--account-number <number>",
      "the account that the money goes to, where the provider must be told",
      once(filled),
    )
    .option("--wallet-id <id>", "the wallet that it goes to, with --account-currency", once(filled))
    .option("--account-currency <code>", "the currency of that account", once(filled));
  withShared(command).action((options: RefundOptions) =>
    run(async (context) => {
      const { original, amount, originalAmount, split, accountNumber, walletId, accountCurrency } = options;
      const currency = amount?.currency ?? originalAmount?.currency ?? accountCurrency;
      const account = given({ accountNumber, walletId, currency: accountCurrency });
      return sendAs(
        "refund",
        options,
        {
          original,
          ...(originalAmount && { originalAmount }),
          ...(split && { splits: settled(currency, split) }),
          ...(account && { account }),
        },
        context,
      );
    }),
  );
}

function settled(currency: string | undefined, wishes: readonly ShareWish[]): Share[] {
  try {
    return sharesIn(currency, wishes);
  } catch (error) {
    if (error instanceof RangeError) throw usage(`--split: ${error.message}.`);
    throw error;
  }
}

interface CashbackOptions extends MoneyOptions {
  readonly receiverWallet: string;
  readonly senderAccount?: string;
  readonly senderWallet?: string;
  readonly payout?: string;
}

function addCashback(program: Command, run: Run): void {
  const command = program
    .command("cashback")
    .description("The merchant credits a customer's wallet.")
    .requiredOption("--connection <id>", "the connection to use", once(filled))
    .requiredOption("--amount <amount>", amountFormat, once(readAmount))
    .requiredOption("--receiver-wallet <number>", "the wallet that is credited", once(filled))
    .option("--sender-account <number>", "the account that pays; without it the connection's own", once(filled))
    .option("--sender-wallet <number>", "its wallet that pays", once(filled))
    .option(
      "--payout <when>",
      "now (as without it), or scheduled: recorded, and paid by the next run of the connection's schedule",
      once(filled),
    );
  withShared(command).action((options: CashbackOptions) =>
    run(async (context) => {
      const { receiverWallet, senderAccount, senderWallet, payout } = options;
      if ((senderAccount === undefined) !== (senderWallet === undefined)) {
        throw usage("--sender-account and --sender-wallet belong together.");
      }
      const sender = given({ accountNumber: senderAccount, walletNumber: senderWallet });
      return sendAs(
        "cashback",
        options,
        {
          ...(sender && { sender }),
          receiver: { walletNumber: receiverWallet },
          ...(payout !== undefined && { payout }),
        },
        context,
      );
    }),
  );
}
