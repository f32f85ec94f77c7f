/** Mircate's List Transactions (contract, section 6): rows without status, reference or back-reference. */

import type { Answer, Call, World } from "../provider.ts";
import { findAccounts, readSelector } from "./accounts.ts";
import { failure, invalid, json } from "./answers.ts";
import { Inputs } from "./inputs.ts";
import { listedTransactions, type Transaction, toView, types } from "./transactions.ts";

const MEMBERS = ["from", "pageSize", "filters", "sorts", "walletId", "currency", "accountNumber", "expiresAt"];

/** Of a request that names no size, or the sample's 0; not documented. */
const PAGE_SIZE = 10;

interface Filter {
  readonly type: string | undefined;
  readonly search: string | undefined;
}

export const listTransactions = (world: World, { json: body }: Call): Answer => {
  const { switchValue } = world;
  const inputs = new Inputs(body);
  inputs.allowOnly(MEMBERS);
  const from = inputs.integer("from", 0) ?? 0;
  const pageSize = inputs.integer("pageSize", 0) || PAGE_SIZE;
  const filters = inputs
    .rows("filters")
    .map((each) => ({ type: each.text("type", types), search: each.text("search") }));
  // Their shape, and what it would do to rows that never expire, are not documented.
  inputs.rows("sorts");
  const expiry = inputs.object("expiresAt");
  for (const name of ["startDate", "endDate"]) expiry?.text(name);
  const selector = readSelector(inputs);
  if (inputs.issues.length > 0) return invalid(inputs.issues);

  const accounts = findAccounts(world, selector);
  if (accounts.length === 0 && switchValue("unknown-account") === "404") return failure(world, 404);
  const matching = listedTransactions(world, accounts).filter((each) => passes(world, each, filters));
  if (matching.length === 0 && switchValue("empty-list") === "404") return failure(world, 404);
  const ordered = switchValue("list-order") === "newest" ? matching.toReversed() : matching;
  const size = Math.min(pageSize, Number(switchValue("page-size-max")));
  const start = switchValue("list-from") === "pages" ? from * size : from;
  const transactions = ordered.slice(start, start + size).map((each) => toRow(world, each));
  return json(200, { transactions, from, pageSize: size, total: matching.length, size: transactions.length });
};

/** Any of the filters is enough (inferred); none lets everything through. */
const passes = ({ switchValue }: World, transaction: Transaction, filters: readonly Filter[]): boolean => {
  if (filters.length === 0 || switchValue("filters") === "ignored") return true;
  const { type, transactionId, description, channel } = transaction;
  const columns = { ids: [transactionId], texts: [description, channel] }[String(switchValue("search-columns"))];
  return filters.some(
    (filter) =>
      (filter.type === undefined || filter.type === type) &&
      (!filter.search || !columns || columns.some((text) => text.includes(filter.search ?? ""))),
  );
};

const toRow = (world: World, transaction: Transaction): object => {
  const { type, referenceId, refundedTransactionId } = transaction;
  const said = world.switchValue("row-type");
  return {
    ...toView(world, transaction),
    ...(type === "REFUNDED" && said !== "ledger" && { type: said }),
    ...(refundedTransactionId && world.switchValue("row-original") === "shown" && { refundedTransactionId }),
    ...(referenceId && world.switchValue("row-reference") === "shown" && { referenceId }),
  };
};
