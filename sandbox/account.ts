/** An account at a provider: a wallet, a recipient, a merchant account. */

export const accountStatuses = ["open", "suspended", "closed"] as const;

export type AccountStatus = (typeof accountStatuses)[number];

export interface Account {
  readonly provider: string;
  /** The provider's own word for it: a token, a number, an id. */
  readonly account: string;
  readonly username?: string;
  readonly status: AccountStatus;
  /** Minor units by currency, before any movement. */
  readonly openings: Readonly<Record<string, number>>;
  /** What only the provider needs, e.g. names and addresses. */
  readonly profile?: Readonly<Record<string, string>>;
  readonly createdAt: string;
}

/** An account that is there from the start. */
export type AccountSeed = Omit<Account, "provider" | "createdAt">;
