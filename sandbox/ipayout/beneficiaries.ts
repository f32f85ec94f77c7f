/** i-payout's beneficiaries: create, get, exists, status (contract, section 7.1). */

import { randomUUID } from "node:crypto";
import type { Account } from "../account.ts";
import type { Answer, Call, World } from "../provider.ts";
import { codes, failure, invalid, success } from "./envelope.ts";
import { Inputs } from "./inputs.ts";
import { accountNotFound, findByToken, findByUsername, PROVIDER } from "./wallets.ts";

/** Optional texts and their limits; `preferredLanguage` takes codes such as `zh-CHT`. */
const OPTIONAL = {
  companyName: 150,
  address: 250,
  address2: 250,
  city: 150,
  state: 150,
  zipCode: 25,
  country: 2,
  phoneNumber: 50,
  cellPhoneNumber: 50,
  dateOfBirth: 10,
  preferredLanguage: 6,
} as const;

/** `tokenName` is what the path's answer calls the token: `beneficiaryToken`, or `customerToken` on the oldest path. */
export const createBeneficiary = ({ ledger }: World, { json }: Call, tokenName: string): Answer => {
  const inputs = new Inputs(json);
  const username = inputs.text("username", { max: 300 });
  const names = {
    firstName: inputs.text("firstName", { max: 50 }),
    lastName: inputs.text("lastName", { max: 50 }),
    emailAddress: inputs.text("emailAddress", { max: 300, label: "Email" }),
  };
  const rest = Object.entries(OPTIONAL).map(([field, max]) => [field, inputs.text(field, { max, optional: true })]);
  if (!inputs.areValid) return invalid(inputs.errors);
  if (findByUsername(ledger, username)) return failure(codes.usernameExists, "Username already exists");
  const profile: Record<string, string> = { ...names, ...(Object.fromEntries(rest) as Record<string, string>) };
  const { account } = ledger.saveAccount({
    provider: PROVIDER,
    account: randomUUID(),
    username,
    status: "open",
    openings: {},
    profile: {
      ...profile,
      country: profile["country"] || "US",
      preferredLanguage: profile["preferredLanguage"] || "EN",
    },
  });
  return success("Beneficiary created successfully", { [tokenName]: account });
};

export const getBeneficiary = ({ ledger }: World, { params }: Call, tokenName: string): Answer => {
  const wallet = findByToken(ledger, params["token"] ?? "");
  if (!wallet) return accountNotFound();
  const { account, username = null, profile = {}, createdAt } = wallet;
  const text = (field: string): string | null => profile[field] || null;
  return success("Success", {
    [tokenName]: account,
    username,
    emailAddress: text("emailAddress"),
    firstName: text("firstName"),
    lastName: text("lastName"),
    ...Object.fromEntries(Object.keys(OPTIONAL).map((field) => [field, text(field)])),
    isSuspended: isSuspended(wallet),
    isInfoVerified: true,
    isClosed: isClosed(wallet),
    createdDate: createdAt,
  });
};

export const beneficiaryExists = ({ ledger }: World, { query }: Call): Answer => {
  const username = query.get("username");
  if (!username) return invalid({ UserName: ["UserName is required"] });
  const wallet = findByUsername(ledger, username);
  return success("Success", {
    username,
    customerToken: wallet?.account ?? null,
    isCustomerExists: wallet !== undefined,
  });
};

export const beneficiaryStatus = ({ ledger }: World, { params }: Call): Answer => {
  const wallet = findByToken(ledger, params["token"] ?? "");
  if (!wallet) return accountNotFound();
  return success("Success", {
    customerStatus: { closed: -1, suspended: 0, open: 1 }[wallet.status],
    isClosed: isClosed(wallet),
    isSuspended: isSuspended(wallet),
  });
};

const isSuspended = ({ status }: Account): boolean => status === "suspended";

const isClosed = ({ status }: Account): boolean => status === "closed";
