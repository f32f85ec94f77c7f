/** Mircate's refund (contract, section 4): of a SPENT transaction, wholly or partly, back into the account. */

import type { Account } from "../account.ts";
import type { Answer, Call, World } from "../provider.ts";
import { currencyOf, findAccounts, PROVIDER, readSelector } from "./accounts.ts";
import { empty, failure, type Issue, invalid, json } from "./answers.ts";
import { Inputs } from "./inputs.ts";
import { type Transaction, toTransaction, toView, toWire, transactionsOf, wireUnit } from "./transactions.ts";

const MEMBERS = ["amount", "transactionId", "currency", "walletId", "accountNumber"];

export const refund = (world: World, { json: body, fate }: Call): Answer => {
  const inputs = new Inputs(body);
  inputs.allowOnly(MEMBERS);
  inputs.require("transactionId");
  inputs.requireAccount();
  const transactionId = inputs.text("transactionId") ?? "";
  // What 0 means is not documented, though the sample has it.
  const wire = inputs.integer("amount", 1);
  const selector = readSelector(inputs);
  if (inputs.issues.length > 0) return invalid(inputs.issues);

  const [account] = findAccounts(world, selector);
  if (!account) return failure(world, 404);
  const transactions = transactionsOf(world, account);
  const original = transactions.find((each) => each.transactionId === transactionId);
  if (!original) return failure(world, 404);
  if (original.type !== "SPENT") return failure(world, 400, "Only spent transactions can be refunded");
  if (account.status !== "open") return failure(world, 400, `Account is ${account.status}`);

  const value = amountToReturn(world, wire, original, transactions);
  if (typeof value !== "number") return value;
  const [movement] = world.ledger.record([
    {
      provider: PROVIDER,
      operation: "refund",
      reference: "",
      account: account.account,
      amount: { value, currency: original.currency },
      direction: "credit",
      original: transactionId,
      details: { channel: original.channel },
      ...fate,
    },
  ]);
  if (!movement) throw new Error("the ledger recorded nothing");
  return answerWith(world, account, toTransaction(movement));
};

/** Minor units to return, or the refusal. */
const amountToReturn = (
  world: World,
  wire: number | undefined,
  original: Transaction,
  transactions: readonly Transaction[],
): number | Answer => {
  const returned = transactions
    .filter(({ refundedTransactionId }) => refundedTransactionId === original.transactionId)
    .reduce((sum, each) => sum + each.value, 0);
  const left = original.value - returned;
  const afterPartial = returned > 0 && left > 0 ? world.switchValue("full-after-partial") : "whole";
  if (wire === undefined && afterPartial === "reject") return failure(world, 400, "Transaction is partly refunded");
  const full = afterPartial === "remainder" ? left : original.value;
  const value = wire === undefined ? full : wire * wireUnit(world, original.currency);
  return value > left ? exceeding(world, value) : value;
};

const exceeding = (world: World, value: number): number | Answer => {
  switch (world.switchValue("over-refund")) {
    case "accept":
      return value;
    case "validation":
      return invalid([tooLarge]);
    case "404":
      return failure(world, 404);
    default:
      return failure(world, 400, "Refund amount exceeds the transaction amount");
  }
};

const tooLarge: Issue = {
  instancePath: "/amount",
  schemaPath: "#/properties/amount/maximum",
  keyword: "maximum",
  params: { comparison: "<=" },
  message: "must be <= the transaction's amount",
};

const answerWith = (world: World, account: Account, transaction: Transaction): Answer => {
  const status = Number(world.switchValue("refund-status"));
  if (status === 204) return empty(status);
  if (status >= 300) return failure(world, status);
  const { description: _, ...view } = toView(world, transaction);
  const { transactionId: __, ...nameless } = view;
  const original = { refundedTransactionId: transaction.refundedTransactionId };
  const shown = {
    full: { ...view, ...original },
    "no-original": view,
    "no-id": { ...nameless, ...original },
  }[String(world.switchValue("refund-answer"))];
  return json(status, shown ? { transaction: shown, balance: balanceOf(world, account) } : {});
};

export const balanceOf = (world: World, account: Account): object => {
  const currency = currencyOf(account);
  return toWire(world, world.ledger.balance(account, currency), currency);
};
