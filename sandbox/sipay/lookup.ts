/** Sipay's SummaryRecordByFilter: the search for transactions (contract, section 6). */

import type { Movement } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { invalid, json } from "./envelope.ts";
import { Inputs } from "./inputs.ts";
import { isListed, rowText } from "./row.ts";
import { PROVIDER } from "./wallets.ts";

/** The documented filters that the sandbox obeys. Any other is refused rather than ignored: the rows would be wrong. */
const FILTERS = [
  "order_column",
  "order_by",
  "page_size",
  "page_index",
  "ext_transaction_id",
  "start_date",
  "end_date",
  "from_wallet_number",
  "to_wallet_number",
];

const ORDER_COLUMNS = ["CreatedDateUtc", "Id"];

/** The cap is not documented. */
const PAGE_SIZE_MAX = 1_000;
const PAGE_SIZE = 10;

const DAY_MS = 86_400_000;

export const findTransactions = (world: World, { json: body }: Call): Answer => {
  const { ledger, switchValue, now } = world;
  const inputs = new Inputs(body, FILTERS);
  const orderColumn = inputs.required("order_column");
  if (orderColumn !== "" && !ORDER_COLUMNS.includes(orderColumn)) inputs.refuse("order_column", "Unknown column.");
  const descends = inputs.optional("order_by").toLowerCase() === "desc";
  const pageSize = Math.min(inputs.integer("page_size", PAGE_SIZE), PAGE_SIZE_MAX);
  const firstPage = Number(switchValue("first-page"));
  const page = inputs.integer("page_index", firstPage) - firstPage;
  if (page < 0) inputs.refuse("page_index", "Out of range.");
  const reference = inputs.optional("ext_transaction_id");
  const wallets = { from: inputs.optional("from_wallet_number"), to: inputs.optional("to_wallet_number") };
  const start = inputs.time("start_date");
  const end = inputs.time("end_date");
  if (!inputs.areValid) return invalid(inputs.errors);

  // Without both dates only the last days are searched.
  const bounds =
    start !== undefined && end !== undefined
      ? { from: start, to: end }
      : { from: now() - Number(switchValue("default-days")) * DAY_MS, to: now() };
  const isWithin = ({ at }: Movement): boolean => Date.parse(at) >= bounds.from && Date.parse(at) <= bounds.to;
  const found = ledger
    .lookUp({ provider: PROVIDER, ...(reference === "" ? {} : { reference }) })
    .filter(isWithin)
    .filter((each) => isListed(world, each))
    .filter(
      ({ account, details }) =>
        [account, ""].includes(wallets.from) && [details?.["receiver"], ""].includes(wallets.to),
    );
  const ordered = descends ? found.toReversed() : found;
  return answer(world, ordered.slice(page * pageSize, (page + 1) * pageSize));
};

/** Written as text, since one of its switches makes it something that is not JSON. */
const answer = (world: World, movements: readonly Movement[]): Answer => {
  const { switchValue } = world;
  const word = switchValue("spelling") === "tables" ? "massage" : "message";
  const rows = movements.map((each) => rowText(world, each));
  const results = rows.length > 0 ? `[${rows.join(",")}]` : emptyText(String(switchValue("empty-lookup")));
  const payload = results === undefined ? "" : `,"payload":{"results":${results}}`;
  return { ...json(200, {}), body: `{"status":0,"code":"100","${word}":"İşlem Başarılı"${payload}}` };
};

const emptyText = (form: string): string | undefined => ({ array: "[]", null: "null" })[form];
