/** `batch`: many movements from one file, and what became of each. */
import { Argument, type Command, Option } from "commander";
import type { Kind } from "../lib/domain/transaction.ts";
import type { ItemsOptions } from "./batch/lists.ts";
import type { RunOptions } from "./batch/run.ts";
import type { Run } from "./context.ts";
import { statusNames } from "./exit-codes.ts";
import { readMoment } from "./moments.ts";
import { filled, filledArgument, once, waitOption, withPages } from "./option-readers.ts";
import type { PageOptions } from "./pages.ts";

/** Not from the domain's own list: with its schemas it takes longer to load than all of the help. */
const kindNames: readonly Kind[] = ["spendback", "refund", "cashback"];
const idMeaning = "the batch's id, bat_…";

export function addBatchCommands(program: Command, run: Run): void {
  const batch = program.command("batch").description("Many movements from one file, and what became of each.");
  addTemplate(batch, run);
  addRun(batch, run);
  addLists(batch, run);
  addWatch(batch, run);
  addChanges(batch, run);
}

function addTemplate(batch: Command, run: Run): void {
  batch
    .command("template")
    .description("Writes rows to begin with, as run takes them: as CSV, or as JSON Lines.")
    .addArgument(new Argument("<kind>", "whose rows").choices(kindNames))
    .option("--jsonl", "JSON Lines: an object a line")
    .action((kind: Kind, options: { jsonl?: boolean }) =>
      run(async (context) => (await import("./batch/template.ts")).showTemplate({ ...options, kind }, context)),
    );
}

function addRun(batch: Command, run: Run): void {
  batch
    .command("run")
    .summary("sends a file's rows, and waits for what becomes of them")
    .description(
      "Sends the rows of a CSV or JSON Lines file and waits for what becomes of them. Every row is checked before any is sent. The same file under the same name is the same batch: a command that died is finished by the same command, and nothing moves twice.",
    )
    .argument("<file>", "its name ends with .csv, .tsv, .jsonl or .ndjson", filledArgument)
    .option("--dry-run", "only says what would become of each row")
    .addOption(new Option("--kind <kind>", "of the rows that name none").choices(kindNames))
    .option("--connection <id>", "of the rows that name none", once(filled))
    .option("--key-column <name>", "the column that holds the keys (default: key)", once(filled))
    .option("--key-suffix <text>", "put behind each key, to send what failed once more", once(filled))
    .option("--name <text>", "the batch's name (default: the file's)", once(filled))
    .option("--at <time>", "when it begins, such as 2026-11-30T09:00:00+01:00 (default: at once)", once(moment))
    .option(
      "--failures <file>",
      "where failed rows are written (default: such as payouts.failures.csv, beside payouts.csv)",
      once(filled),
    )
    .option("--again", "another batch of a file that was uploaded before; its rows stay the same transactions")
    .option("--no-wait", "returns as soon as the rows are uploaded, with exit code 5")
    .action((file: string, options: Omit<RunOptions, "file">) =>
      run(async (context) => (await import("./batch/run.ts")).runBatch({ ...options, file }, context)),
    );
}

function addLists(batch: Command, run: Run): void {
  withPages(batch.command("list"))
    .description("Lists batches, newest first.")
    .action((options: PageOptions) =>
      run(async (context) => (await import("./batch/lists.ts")).listBatches(options, context)),
    );
  withPages(batch.command("items"))
    .description("What became of each row, in their order.")
    .argument("<id>", idMeaning, filledArgument)
    .option("--status <status>", statusNames, once(filled))
    .action((id: string, options: Omit<ItemsOptions, "id">) =>
      run(async (context) => (await import("./batch/lists.ts")).listItems({ ...options, id }, context)),
    );
}

function addWatch(batch: Command, run: Run): void {
  batch
    .command("show")
    .description("Shows how far a batch is.")
    .argument("<id>", idMeaning, filledArgument)
    .action((id: string) => run(async (context) => (await import("./batch/one-batch.ts")).showBatch({ id }, context)));
  batch
    .command("watch")
    .description("Follows a batch until it is over; the exit code says how it ended. Ctrl-C ends only the watching.")
    .argument("<id>", idMeaning, filledArgument)
    .addOption(waitOption("ends then, over or not (default: only when it is over)"))
    .action((id: string, { wait }: { wait?: number }) =>
      run(async (context) => (await import("./batch/one-batch.ts")).watchBatch({ id, waitSeconds: wait }, context)),
    );
}

const changes = [
  ["start", "Begins a batch that was left open, or now one that was to begin later."],
  ["cancel", "Takes back the rows that were not sent."],
  ["retry", "Sends once more the rows that failed for good, and no others."],
] as const;

function addChanges(batch: Command, run: Run): void {
  for (const [name, description] of changes) {
    batch
      .command(name)
      .description(description)
      .argument("<id>", idMeaning, filledArgument)
      .action((id: string) => run(async (context) => (await import("./batch/one-batch.ts")).change(id, name, context)));
  }
}

function moment(text: string): string {
  const read = readMoment(text.trim());
  if (!read) throw new RangeError("write a time with its zone, such as 2026-11-30T09:00:00+01:00");
  return read.toISOString();
}
