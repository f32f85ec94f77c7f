/** What the commands that move money have in common: their options, and the call that these become. */
import type { Command } from "commander";
import type { Amount } from "../lib/domain/money.ts";
import type { Kind } from "../lib/domain/transaction.ts";
import { usage } from "./command-error.ts";
import type { Context } from "./context.ts";
import { filled, idempotencyKey, many, once, pair, waitOption } from "./option-readers.ts";

export interface MoneyOptions {
  readonly connection: string;
  readonly amount?: Amount;
  readonly description?: string;
  readonly metadata?: readonly (readonly [string, string])[];
  readonly key?: string;
  readonly wait?: number;
}

/** What one call waits for by itself. Most providers are done within a second. */
const waitSecondsDefault = 25;

export function withShared(command: Command): Command {
  return command
    .option("--description <text>", "kept with the transaction", once(filled))
    .option("--metadata <name=value>", "kept with the transaction; may be given up to 20 times", many(pair))
    .option("--key <key>", "the idempotency key; without it one is drawn and printed", once(idempotencyKey))
    .addOption(waitOption(`how long to wait for the outcome (default: ${waitSecondsDefault})`));
}

export async function sendAs(
  kind: Kind,
  options: MoneyOptions,
  fields: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<number> {
  const { connection, amount, description, metadata, key, wait = waitSecondsDefault } = options;
  const names = (metadata ?? []).map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw usage(`--metadata ${twice} is given twice.`);
  const body = {
    connection,
    ...fields,
    ...(amount && { amount }),
    ...(description !== undefined && { description }),
    ...(metadata && { metadata: Object.fromEntries(metadata) }),
  };
  const { send } = await import("./send.ts");
  return send({ kind, body, key, waitSeconds: wait }, context);
}

/** The members that were given, or undefined where none was. */
export function given(members: Readonly<Record<string, string | undefined>>): Record<string, string> | undefined {
  const named = Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined);
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}
