/** Mircate's spend (contract, section 5): a wallet pays. It makes originals that can be refunded. */

import type { Answer, Call, World } from "../provider.ts";
import { currencyOf, findAccounts, PROVIDER, readSelector } from "./accounts.ts";
import { failure, invalid, json } from "./answers.ts";
import { Inputs } from "./inputs.ts";
import { balanceOf } from "./refund.ts";
import { toTransaction, toView, wireUnit } from "./transactions.ts";

const TEXTS = ["channel", "description", "referenceId", "userId", "storeId", "storeName"];
const MEMBERS = [...TEXTS, "amount", "additionalData", "accountNumber", "walletId", "currency"];

export const spend = (world: World, { json: body }: Call): Answer => {
  const { ledger, switchValue } = world;
  const inputs = new Inputs(body);
  inputs.allowOnly(MEMBERS);
  inputs.require("amount", "channel");
  inputs.requireAccount(); // inferred: the page does not repeat the refund's rule
  const wire = inputs.integer("amount", 1) ?? 0;
  const [channel = "", description = "", reference = ""] = TEXTS.map((name) => inputs.text(name));
  inputs.object("additionalData");
  const selector = readSelector(inputs);
  if (inputs.issues.length > 0) return invalid(inputs.issues);

  const [account] = findAccounts(world, selector);
  if (!account) return failure(world, 404);
  if (account.status !== "open") return failure(world, 400, `Account is ${account.status}`);
  const isKnown = reference !== "" && ledger.movements({ provider: PROVIDER, reference }).length > 0;
  if (isKnown && switchValue("duplicate-reference") === "reject") {
    return failure(world, 400, "referenceId was used before");
  }
  const currency = currencyOf(account);
  const draft = {
    provider: PROVIDER,
    operation: "spend",
    reference,
    account: account.account,
    amount: { value: wire * wireUnit(world, currency), currency },
    direction: "debit",
    details: { channel, description },
  } as const;
  if (!ledger.covers([draft])) return failure(world, 400, "Insufficient balance");
  const [movement] = ledger.record([draft]);
  if (!movement) throw new Error("the ledger recorded nothing");
  return json(200, { transaction: toView(world, toTransaction(movement)), balance: balanceOf(world, account) });
};

export const spendReference = ({ json: body }: Call): string | undefined => new Inputs(body).text("referenceId");
