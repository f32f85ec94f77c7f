/** Nexio's two ways to find spendbacks: the list with its filters, and the view by id (contract, section 6). */

import { toMinorUnits } from "../decimals.ts";
import type { Movement } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { errors, failure, json } from "./answers.ts";
import { PROVIDER } from "./recipients.ts";
import { toRecord } from "./record.ts";

/** Filters that are compared with the record's member of that name. */
const FILTERS = [
  "currency",
  "description",
  "id",
  "payoutAccountId",
  "providerId",
  "providerSpendbackRef",
  "providerType",
  "recipientId",
  "recipientRef",
  "spendbackStatus",
  "spendbackDate",
  "createdAt",
  "updatedAt",
];
const OTHERS = ["amount", "spendbackRef", "startDate", "endDate", "limit", "offset"];

/** The default is documented, the maximum is a third party's word. */
const LIMIT = 10;
const LIMIT_MAX = 100;

const DAY_MS = 86_400_000;

export const listReference = ({ query }: Call): string | undefined => query.get("spendbackRef");

/** `GET /payout/v3/spendback/{id}`; the path is inferred. */
export const viewSpendback = (world: World, { params }: Call): Answer => {
  const isThere = world.switchValue("view-by-id") === "on";
  const [movement] = isThere ? world.ledger.lookUp({ provider: PROVIDER, id: params["id"] ?? "" }) : [];
  return movement && isListed(world, movement)
    ? json(200, toRecord(world, movement))
    : failure(errors.notFound, "Not found");
};

/** `GET /payout/v3/spendback`, oldest first (order not documented). */
export const listSpendbacks = (world: World, { query }: Call): Answer => {
  const unknown = [...query.keys()].find((name) => ![...FILTERS, ...OTHERS].includes(name));
  if (unknown !== undefined) return failure(errors.invalid, `${unknown} is not allowed`);
  const limit = readCount(query.get("limit"), LIMIT);
  const offset = readCount(query.get("offset"), 0);
  const from = readTime(query.get("startDate")) ?? defaultStart(world);
  const to = readTime(query.get("endDate")) ?? Number.POSITIVE_INFINITY;
  if ([limit, offset, from, to].some(Number.isNaN)) return failure(errors.invalid, "Invalid query parameter");

  const rows = world.ledger
    .movements({ provider: PROVIDER })
    .filter((each) => isListed(world, each) && isReferenced(world, each, query.get("spendbackRef")))
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to)
    .filter(
      ({ amount }) => !query.has("amount") || toMinorUnits(query.get("amount") ?? "", amount.currency) === amount.value,
    )
    .flatMap(({ id }) => world.ledger.lookUp({ provider: PROVIDER, id }))
    .map((each) => toRecord(world, each))
    .filter((row) => FILTERS.every((name) => !query.has(name) || String(row[name]) === query.get(name)));
  if (rows.length === 0 && world.switchValue("empty-list") === "404") return failure(errors.notFound, "Not found");
  const end = offset + Math.min(limit, LIMIT_MAX);
  return json(200, { offset, limit, rows: rows.slice(offset, end), hasMore: rows.length > end });
};

const isListed = ({ switchValue }: World, { operation, details = {} }: Movement): boolean => {
  if (operation === "refund") return switchValue("refunds-listed") === "yes";
  if (details["refused"] === "yes") return switchValue("refused-listed") === "yes";
  return operation === "spendback";
};

const isReferenced = ({ switchValue }: World, { reference }: Movement, asked: string | undefined): boolean => {
  const way = switchValue("reference-filter");
  if (asked === undefined || way === "ignored") return true;
  return way === "prefix" ? reference.startsWith(asked) : reference === asked;
};

const defaultStart = ({ switchValue, now }: World): number => {
  const days = switchValue("list-window-days");
  return typeof days === "number" ? now() - days * DAY_MS : 0;
};

/** NaN where it is no count. */
const readCount = (text: string | undefined, absent: number): number => {
  if (text === undefined) return absent;
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
};

/** Milliseconds; NaN where it is no time. */
const readTime = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
