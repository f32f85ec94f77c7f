/** Paysafe's lookups of refunds: by id, and by merchantRefNum with window and pages (contract, sections 3 and 9). */

import type { Movement } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { failure, ok } from "./answers.ts";
import { linkTo } from "./links.ts";
import { showFound } from "./refund-view.ts";
import type { Refusals } from "./refusals.ts";
import { showRefused } from "./refusals.ts";
import { PROVIDER } from "./settlements.ts";

const LIMIT = 10;
const LIMIT_MAX = 50;

/** How far back a lookup without `startDate` looks. */
const WINDOW_MS = 30 * 86_400_000;

/** `GET /refunds/{id}`. */
export const getRefund = (world: World, refusals: Refusals, call: Call): Answer => {
  const id = call.params["refund"] ?? "";
  const group = world.ledger.lookUp({ provider: PROVIDER, group: id });
  if (group.length > 0) return ok(showFound(world, call, group));
  const refused = refusals.listed().find((each) => each.id === id);
  return refused ? ok(showRefused(call, refused)) : failure(world, "3414");
};

export const findReference = ({ query }: Call): string | undefined => query.get("merchantRefNum");

/** `GET /refunds?merchantRefNum=`. Refused refunds come last: an order is not documented. */
export const findRefunds = (world: World, refusals: Refusals, call: Call): Answer => {
  const { query } = call;
  const merchantRefNum = query.get("merchantRefNum") ?? "";
  if (merchantRefNum === "") return failure(world, "5042");
  const limit = Math.min(readCount(query.get("limit"), LIMIT), LIMIT_MAX);
  const offset = readCount(query.get("offset"), 0);
  const end = readTime(query.get("endDate"), world.now());
  const start = readTime(query.get("startDate"), end - WINDOW_MS);
  if (Number.isNaN(limit + offset + start + end) || limit < 1) return failure(world, "5068");

  const isWithin = (at: number): boolean => at >= start && at <= end;
  const found = groupsOf(world.ledger.lookUp({ provider: PROVIDER, reference: merchantRefNum }))
    .filter(([first]) => first !== undefined && isWithin(Date.parse(first.at)))
    .map((group) => showFound(world, call, group));
  const refused = refusals
    .listed()
    .filter((each) => each.merchantRefNum === merchantRefNum && isWithin(each.at))
    .map((each) => showRefused(call, each));
  const all = [...found, ...refused];
  if (all.length === 0 && world.switchValue("empty-lookup") === "404") return failure(world, "5269");

  const show = (name: string, time: number): string =>
    encodeURIComponent(query.get(name) ?? toText(time)).replaceAll("%3A", ":");
  const link = (rel: string, from: number) => {
    const window = `startDate=${show("startDate", start)}&endDate=${show("endDate", end)}`;
    const path = `/refunds?merchantRefNum=${encodeURIComponent(merchantRefNum)}&limit=${limit}&offset=${from}&${window}`;
    return linkTo(call, path, rel);
  };
  return ok({
    refunds: all.slice(offset, offset + limit),
    links: [link("self", offset), ...(offset + limit < all.length ? [link("next", offset + limit)] : [])],
  });
};

const groupsOf = (movements: readonly Movement[]): Movement[][] => {
  const ids = new Set(movements.map(({ group }) => group));
  return [...ids].map((id) => movements.filter(({ group }) => group === id));
};

/** NaN where it is no count. */
const readCount = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;

const readTime = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Date.parse(text);

/** Whole seconds, rounded up: a link must not end before what its own page showed. */
const toText = (time: number): string =>
  new Date(Math.ceil(time / 1_000) * 1_000).toISOString().replace(/\.\d{3}Z$/, "Z");
