/** Nexio's recipients: one account per provider under a recipientRef; its username in the ledger is the recipientRef. */

import type { Account, AccountSeed } from "../account.ts";
import { isObject } from "../json.ts";
import type { Answer, Call, World } from "../provider.ts";
import { errors, failure, json } from "./answers.ts";
import { Inputs } from "./inputs.ts";

export const PROVIDER = "nexio";

/** The ids of the documented sample. */
export const PAYOUT_ACCOUNT_ID = 3_927;
export const PROVIDER_TYPE = 10;
const PROVIDER_ID = "12610";
const SECOND_PROVIDER_ID = "12611";

/** Created recipients are numbered from here. */
const FIRST_ID = 137_300;

const seed = (account: string, username: string, email: string, openings: AccountSeed["openings"]): AccountSeed => ({
  account,
  username,
  status: "open",
  openings,
  profile: { email, providerId: PROVIDER_ID },
});

export const accounts: readonly AccountSeed[] = [
  seed("137241", "9467e04a-3f19-473f-a8b3-a1bc09a2ede8", "jane@example.com", {
    USD: 50_000,
    JPY: 50_000,
    TND: 250_000,
  }),
  seed("137242", "rcp-erik", "erik@example.com", { EUR: 25_000 }),
  seed("137243", "rcp-mira", "mira@example.com", { USD: 4_000 }),
  {
    ...seed("137244", "rcp-mira", "mira@example.com", { USD: 6_000 }),
    profile: { email: "mira@example.com", providerId: SECOND_PROVIDER_ID },
  },
  { ...seed("137245", "rcp-sven", "sven@example.com", { USD: 10_000 }), status: "suspended" },
];

export const recipientsOf = ({ ledger }: World): Account[] => ledger.accounts(PROVIDER);

export const providerIdOf = ({ profile = {} }: Account): string => profile["providerId"] ?? PROVIDER_ID;

/** What a body says of the payer. */
export interface Named {
  readonly recipientId: string | undefined;
  readonly recipientRef: string | undefined;
  readonly email: string | undefined;
  readonly providerId: string | undefined;
}

/** In the order id, ref, e-mail; what does not exist does not fall through to the next (inferred). */
export const resolve = (world: World, { recipientId, recipientRef, email, providerId }: Named): Account | Answer => {
  const matches = recipientsOf(world).filter((each) => {
    if (recipientId !== undefined) return each.account === recipientId;
    if (providerId !== undefined && providerIdOf(each) !== providerId) return false;
    return recipientRef !== undefined ? each.username === recipientRef : each.profile?.["email"] === email;
  });
  const [first, second] = matches;
  if (!first) return failure(errors.notFound, "Recipient not found");
  if (second && world.switchValue("several-accounts") === "refuse") {
    return failure(errors.invalid, "The recipient has several accounts: send recipientId or providerId");
  }
  return first;
};

/** `POST /payout/v3/recipient`. A recipientRef that exists gets another account (not documented). */
export const createRecipient = (world: World, { json: body }: Call): Answer => {
  const inputs = new Inputs(body);
  const recipientRef = inputs.text("recipientRef", 100);
  const email = inputs.text("email", 300);
  const firstName = inputs.text("firstName", 300);
  const lastName = inputs.text("lastName", 300);
  const country = inputs.text("country", 2);
  const providerId = inputs.integer("providerId") ?? PROVIDER_ID;
  if (inputs.problem || !recipientRef || !email || !firstName || !lastName || !country) {
    const problem = inputs.problem ?? "recipientRef, email, firstName, lastName and country are required";
    return failure(errors.invalid, problem);
  }
  const ids = recipientsOf(world).map(({ account }) => Number(account));
  const profile = { email, providerId, firstName, lastName, country };
  const account = String(Math.max(FIRST_ID, ...ids.filter(Number.isFinite)) + 1);
  const created = {
    provider: PROVIDER,
    account,
    username: recipientRef,
    status: "open",
    openings: {},
    profile,
  } as const;
  return json(200, toRecord(world.ledger.saveAccount(created)));
};

/** `GET /payout/v3/recipient`, by recipientRef, recipientId or e-mail; one page. */
export const listRecipients = (world: World, { query }: Call): Answer => {
  const rows = recipientsOf(world)
    .map(toRecord)
    .filter((row) =>
      ["recipientRef", "recipientId", "email"].every(
        (field) => !query.has(field) || (isObject(row) && String(row[field]) === query.get(field)),
      ),
    );
  return json(200, { offset: 0, limit: 10, rows, hasMore: false });
};

const toRecord = (account: Account): object => ({
  recipientRef: account.username ?? "",
  recipientId: Number(account.account),
  payoutAccountId: PAYOUT_ACCOUNT_ID,
  providerId: providerIdOf(account),
  providerType: PROVIDER_TYPE,
  email: account.profile?.["email"] ?? "",
  createdAt: account.createdAt,
  updatedAt: account.createdAt,
});
