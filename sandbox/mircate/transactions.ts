/** Mircate's transactions: those from before the sandbox's time, and the ledger's movements, in one shape. */

import type { Account } from "../account.ts";
import { exponentOf } from "../decimals.ts";
import { jsonNumber } from "../json.ts";
import type { Movement } from "../movement.ts";
import type { World } from "../provider.ts";
import { PROVIDER } from "./accounts.ts";

export type Type = "EARNED" | "FIX" | "SPENT" | "LOADED" | "REFUNDED" | "INITIALIZED";
export const types: readonly Type[] = ["EARNED", "FIX", "SPENT", "LOADED", "REFUNDED", "INITIALIZED"];

export interface Transaction {
  readonly transactionId: string;
  readonly account: string;
  readonly type: Type;
  /** Minor units. */
  readonly value: number;
  readonly currency: string;
  readonly at: string;
  readonly description: string;
  readonly channel: string;
  readonly referenceId?: string;
  readonly refundedTransactionId?: string;
}

const earlier = (
  account: string,
  type: Type,
  transactionId: string,
  value: number,
  at: string,
  more: Partial<Transaction> = {},
): Transaction => ({
  transactionId,
  account,
  type,
  value,
  currency: account.endsWith("usd") ? "USD" : "TRY",
  at,
  description: "",
  channel: "POS",
  ...more,
});

/** Oldest first. The balances in accounts.ts are what they leave. */
const history: readonly Transaction[] = [
  earlier("alice-try", "INITIALIZED", "initialized-alice-try", 0, "2026-01-05T08:00:00.000Z"),
  earlier("alice-try", "LOADED", "loaded-500", 50_000, "2026-01-05T08:05:00.000Z", { channel: "WEB" }),
  earlier("alice-try", "SPENT", "spent-100", 10_000, "2026-01-06T09:30:00.000Z", { description: "Order 1001" }),
  earlier("alice-try", "SPENT", "spent-60", 6_000, "2026-01-07T17:45:12.345Z", { description: "Order 1002" }),
  earlier("alice-try", "SPENT", "spent-25", 2_500, "2026-01-08T12:00:00.000Z", { description: "Order 1003" }),
  earlier("alice-try", "REFUNDED", "refunded-25", 2_500, "2026-01-09T12:00:00.000Z", {
    refundedTransactionId: "spent-25",
  }),
  earlier("alice-usd", "LOADED", "loaded-usd-100", 10_000, "2026-01-10T10:00:00.000Z", { channel: "WEB" }),
  earlier("alice-usd", "SPENT", "spent-usd-40", 4_000, "2026-01-11T10:00:00.000Z", { channel: "APP" }),
  earlier("bob-try", "EARNED", "earned-100", 10_000, "2026-01-12T10:00:00.000Z", { channel: "LOYALTY" }),
  earlier("bob-try", "SPENT", "spent-bob-75", 7_500, "2026-01-13T10:00:00.000Z"),
  earlier("carol-try", "LOADED", "loaded-carol-30", 3_000, "2026-01-14T10:00:00.000Z"),
  earlier("carol-try", "SPENT", "spent-carol-20", 2_000, "2026-01-15T10:00:00.000Z"),
];

const typesByOperation: Readonly<Record<string, Type>> = { refund: "REFUNDED", spend: "SPENT" };

export const toTransaction = ({ id, at, operation, reference, account, amount, original, details = {} }: Movement) => ({
  transactionId: `mrc-${id}`,
  account,
  type: typesByOperation[operation] ?? "FIX",
  ...amount,
  at,
  description: details["description"] ?? "",
  channel: details["channel"] ?? "",
  ...(reference && { referenceId: reference }),
  ...(original && { refundedTransactionId: original }),
});

/** The truth, oldest first. */
export const transactionsOf = ({ ledger }: World, { account }: Account): Transaction[] => [
  ...history.filter((each) => each.account === account),
  ...ledger
    .movements({ provider: PROVIDER })
    .filter((each) => each.account === account)
    .map(toTransaction),
];

/** What a list may show, oldest first; counts as a lookup of each movement. */
export const listedTransactions = (world: World, accounts: readonly Account[]): Transaction[] => {
  const { ledger, switchValue, now } = world;
  const before = new Date(now() - Number(switchValue("list-lag-ms"))).toISOString();
  const ids = new Set(accounts.map(({ account }) => account));
  const movements = ledger
    .movements({ provider: PROVIDER })
    .filter(({ account, at }) => ids.has(account) && at <= before);
  const shown = movements.flatMap(({ id }) => ledger.lookUp({ provider: PROVIDER, id }));
  return [...history.filter(({ account }) => ids.has(account)), ...shown.map(toTransaction)];
};

/** Minor units in one unit of the wire. */
export const wireUnit = ({ switchValue }: World, currency: string): number =>
  switchValue("amount-unit") === "major" ? 10 ** exponentOf(currency) : 1;

export const toWire = (world: World, value: number, currency: string): object =>
  jsonNumber(String(Math.trunc(value / wireUnit(world, currency))));

/** The members that a spend's answer and a list's row share. */
export const toView = (world: World, transaction: Transaction): Record<string, unknown> => {
  const { transactionId, type, value, currency, description, channel, at } = transaction;
  const negative = { SPENT: "spent-negative", REFUNDED: "refunded-negative" } as Partial<Record<Type, string>>;
  const sign = world.switchValue("signs") === negative[type] ? -1 : 1;
  return {
    transactionId,
    type,
    amount: toWire(world, sign * value, currency),
    description,
    channel,
    createdAt: toTime(world, at),
  };
};

/** Istanbul is three hours ahead all year. */
const LOCAL_OFFSET_MS = 3 * 3_600_000;

const toTime = ({ switchValue }: World, at: string): string => {
  const time = Date.parse(at);
  switch (switchValue("created-at")) {
    case "seconds":
      return at.replace(/\.\d+Z$/, "Z");
    case "local":
      return new Date(time + LOCAL_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
    case "epoch":
      return String(time);
    default:
      return at;
  }
};
