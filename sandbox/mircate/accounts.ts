/** Mircate's accounts: one for each wallet and currency, named by its number or by both. */

import type { Account, AccountSeed } from "../account.ts";
import type { World } from "../provider.ts";
import type { Inputs } from "./inputs.ts";

export const PROVIDER = "mircate";
export const PROJECT_ID = "sandbox-project";
export const ACCOUNT_ID = "sandbox-account";

const seed = (account: string, walletId: string, currency: string, balance: number): AccountSeed => ({
  account,
  status: "open",
  openings: { [currency]: balance },
  profile: { walletId, currency },
});

export const accounts: readonly AccountSeed[] = [
  seed("alice-try", "wallet-alice", "TRY", 34_000),
  seed("alice-usd", "wallet-alice", "USD", 6_000),
  seed("bob-try", "wallet-bob", "TRY", 2_500),
  { ...seed("carol-try", "wallet-carol", "TRY", 1_000), status: "suspended" },
];

export interface Selector {
  readonly accountNumber: string | undefined;
  readonly walletId: string | undefined;
  readonly currency: string | undefined;
}

export const readSelector = (inputs: Inputs): Selector => ({
  accountNumber: inputs.text("accountNumber"),
  walletId: inputs.text("walletId"),
  currency: inputs.text("currency"),
});

/** Every name that is given must be the account's; which one counts where they disagree is not documented. */
export const findAccounts = ({ ledger }: World, { accountNumber, walletId, currency }: Selector): Account[] =>
  ledger
    .accounts(PROVIDER)
    .filter(({ account }) => accountNumber === undefined || account === accountNumber)
    .filter(({ profile }) => walletId === undefined || profile?.["walletId"] === walletId)
    .filter((each) => currency === undefined || currencyOf(each) === currency);

/** An account made through the sandbox's controls has no wallet, and the currency of its first balance. */
export const currencyOf = ({ profile, openings }: Account): string =>
  profile?.["currency"] ?? Object.keys(openings)[0] ?? "TRY";
