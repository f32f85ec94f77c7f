/** `transactions list|show|watch|cancel|resolve`: what became of the money, and what can be done about it. */
import { type Command, Option } from "commander";
import type { Run } from "./context.ts";
import { statusNames } from "./exit-codes.ts";
import type { ListOptions } from "./list-transactions.ts";
import type { ResolveOptions } from "./one-transaction.ts";
import { filled, filledArgument, once, waitOption, withPages } from "./option-readers.ts";

export function addTransactionCommands(program: Command, run: Run): void {
  const transactions = program.command("transactions").description("What became of the money.");
  addList(transactions, run);
  addShow(transactions, run);
  addWatch(transactions, run);
  addCancel(transactions, run);
  addResolve(transactions, run);
}

function addList(transactions: Command, run: Run): void {
  withPages(transactions.command("list"))
    .description("Lists transactions, newest first.")
    .option("--kind <kind>", "spendback, refund or cashback", once(filled))
    .option("--status <status>", statusNames, once(filled))
    .option("--connection <id>", "those of one connection", once(filled))
    .option("--original <id>", "refunds of one payment", once(filled))
    .option("--batch <id>", "those of one batch", once(filled))
    .option("--from <time>", "made then or later: 2026-11-20 or 2026-11-20T09:30:00Z", once(filled))
    .option("--to <time>", "made before then", once(filled))
    .action((options: ListOptions) =>
      run(async (context) => (await import("./list-transactions.ts")).listTransactions(options, context)),
    );
}

function addShow(transactions: Command, run: Run): void {
  transactions
    .command("show")
    .description("Shows one transaction with its log.")
    .argument("<id>", "the transaction's id, txn_…", filledArgument)
    .action((id: string) =>
      run(async (context) => (await import("./one-transaction.ts")).showTransaction({ id }, context)),
    );
}

function addWatch(transactions: Command, run: Run): void {
  transactions
    .command("watch")
    .description(
      "Follows a transaction until it is over; the exit code says how it ended. Ctrl-C ends only the watching.",
    )
    .argument("<id>", "the transaction's id, txn_…", filledArgument)
    .addOption(waitOption("ends then, over or not (default: only when it is over)"))
    .action((id: string, { wait }: { wait?: number }) =>
      run(async (context) =>
        (await import("./one-transaction.ts")).watchTransaction({ id, waitSeconds: wait }, context),
      ),
    );
}

function addCancel(transactions: Command, run: Run): void {
  transactions
    .command("cancel")
    .description("Takes back what was not sent, or what the provider can still take back.")
    .argument("<id>", "the transaction's id, txn_…", filledArgument)
    .action((id: string) =>
      run(async (context) => (await import("./one-transaction.ts")).cancelTransaction({ id }, context)),
    );
}

function addResolve(transactions: Command, run: Run): void {
  transactions
    .command("resolve")
    .description(
      "Says how a transaction ended that the provider cannot tell about. The key needs transactions:resolve.",
    )
    .argument("<id>", "the transaction's id, txn_…", filledArgument)
    .addOption(
      new Option("--outcome <outcome>", "succeeded: the money moved; failed: it did not")
        .choices(["succeeded", "failed"])
        .makeOptionMandatory(),
    )
    .requiredOption("--reason <text>", "how you know, in your words; kept with the transaction", once(filled))
    .option("--provider-transaction-id <id>", "the provider's id of the movement", once(filled))
    .option("--yes", "do not ask; needed where nobody is at the terminal")
    .action((id: string, options: Omit<ResolveOptions, "id">) =>
      run(async (context) => (await import("./one-transaction.ts")).resolveTransaction({ ...options, id }, context)),
    );
}
