/** An operator's commands: `health`, `connections check`, `keys create|list|revoke`. */
import type { Command } from "commander";
import { scopes } from "../lib/domain/scopes.ts";
import { type AccountWish, readAccount } from "./accounts.ts";
import type { Run } from "./context.ts";
import type { CreateKeyOptions } from "./keys.ts";
import type { TableOptions } from "./keys-table.ts";
import { filled, many, once } from "./option-readers.ts";

export function addOperatorCommands(program: Command, run: Run): void {
  program
    .command("health")
    .description("Whether the service works, and how its connections are. Needs no API key.")
    .action(() => run(async (context) => (await import("./health.ts")).showHealth(context)));

  program
    .command("connections")
    .description("The accounts at providers that the service is configured with.")
    .command("check")
    .description("Logs in with each connection and, where an account is named, reads its balance. Nothing moves.")
    .argument("[ids...]", "which connections; all where none is named")
    .option("--account <account>", '"CONNECTION=ACCOUNT CURRENCY"; once for each connection', many(readAccount))
    .option("--accounts <file>", "a file with such an account in each line", once(filled))
    .action((ids: string[], options: { account?: readonly AccountWish[]; accounts?: string }) =>
      run(async (context) => (await import("./check-connections.ts")).checkConnections({ ...options, ids }, context)),
    );

  addKeys(program, run);
}

function addKeys(program: Command, run: Run): void {
  const keys = program
    .command("keys")
    .description("API keys, directly in their DynamoDB table, with the usual AWS environment.");
  onTable(keys.command("create"))
    .description("Issues a key and shows it, once.")
    .requiredOption("--tenant <tenant>", "whose transactions it reaches", once(filled))
    .requiredOption("--scopes <scopes>", `what it may do: all, or of ${scopes.join(",")}`, once(filled))
    .option("--expires <when>", "90d, 12h, 2027-01-31 or 2027-01-31T09:30:00Z (default: never)", once(filled))
    .action((options: CreateKeyOptions) =>
      run(async (context) => (await import("./keys.ts")).createKey(options, context)),
    );
  onTable(keys.command("list"))
    .description("Lists keys by their ids; the keys themselves are kept nowhere. Reads the whole table.")
    .option("--tenant <tenant>", "those of one tenant", once(filled))
    .action((options: TableOptions & { tenant?: string }) =>
      run(async (context) => (await import("./keys.ts")).listKeys(options, context)),
    );
  onTable(keys.command("revoke"))
    .description("Ends a key. It stops working within a minute.")
    .argument("<key id>", "as keys list shows it, key_…")
    .requiredOption("--tenant <tenant>", "whose key it is", once(filled))
    .action((keyId: string, options: TableOptions & { tenant: string }) =>
      run(async (context) => (await import("./keys.ts")).revokeKey({ ...options, keyId }, context)),
    );
}

function onTable(command: Command): Command {
  return command
    .option("--table <name>", "the table of API keys (default: API_KEYS_TABLE)", once(filled))
    .option("--endpoint <url>", "a DynamoDB other than the region's, such as an emulator's", once(filled));
}
