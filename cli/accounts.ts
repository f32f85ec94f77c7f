/** Whose balance `connections check` reads: `CONNECTION=ACCOUNT CURRENCY`, on the command line or in a file. */
import { readFile } from "node:fs/promises";
import { isCurrency } from "../lib/domain/currencies.ts";
import { usage } from "./command-error.ts";

export interface AccountWish {
  readonly connection: string;
  /** The wallet, as the provider names it. */
  readonly account: string;
  readonly currency: string;
}

/** @throws RangeError with what is wrong */
export function readAccount(text: string): AccountWish {
  const { connection, account, currency } =
    /^\s*(?<connection>[^=\s]+)\s*=\s*(?<account>\S.*?)\s+(?<currency>[A-Z]{3})\s*$/.exec(text)?.groups ?? {};
  if (!connection || !account || !currency) {
    throw new RangeError("write an account as CONNECTION=ACCOUNT CURRENCY, such as main=wallet-1 USD");
  }
  if (!isCurrency(currency)) throw new RangeError(`"${currency}" is not an active ISO 4217 currency`);
  return { connection, account, currency };
}

export interface AccountOptions {
  readonly account?: readonly AccountWish[];
  /** A file with one account a line; empty lines and lines that begin with # are passed over. */
  readonly accounts?: string;
}

/** Those of the command line, before those of the file. @throws CommandError naming the line that makes no sense */
export async function accountsIn({ account = [], accounts }: AccountOptions): Promise<readonly AccountWish[]> {
  if (accounts === undefined) return account;
  const text = await readFile(accounts, "utf8").catch((error: unknown) => {
    throw usage(`${accounts} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const listed = text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === "" || line.trimStart().startsWith("#")) return [];
    try {
      return [readAccount(line)];
    } catch (error) {
      if (error instanceof RangeError) throw usage(`${accounts}, line ${at + 1}: ${error.message}.`);
      throw error;
    }
  });
  return [...account, ...listed];
}
