/** What one transaction costs at list price, line by line, each with where its price stands. */
import { type Price, pricesAt } from "../../lib/domain/prices.ts";
import { lookupWaitsSeconds } from "../../lib/flow/starter.ts";
import { type Consumption, movingUnits, total } from "./metered-stack.ts";
import { rounded } from "./statistics.ts";

/** The prices of the month in which the figures were taken. */
export const pricesOf = "2026-11-01";

const prices = pricesAt(pricesOf);

/**
 * What a provider takes to answer, in seconds: not ours to measure, so assumed, and the same for every design compared.
 * Each order asks twice: for a balance (or what is left of an original), and then for the movement.
 */
const providerSeconds = { read: 0.12, move: 0.26 } as const;

/** What our own code of one Lambda call takes on arm64 at 256 MB, in seconds; the bench measures a fraction of it here. */
const ownSeconds = 0.02;

const lambdaGb = 0.25;

/** Express bills memory in steps of 64 MB and time in steps of 100 ms. */
const expressGb = 0.0625;

export interface CostLine {
  readonly what: string;
  readonly dollarsPerMillion: number;
  readonly source: string;
}

/** Each line of a million; the events out come last, as they are not part of moving the money. */
export function costOf(consumption: Consumption): CostLine[] {
  const { write, read } = total(movingUnits(consumption));
  const eventReads = total(consumption.units).read - read;
  const { "publish-events": published = 0, "record-webhooks": recorded = 0, ...moving } = consumption.lambdaCalls;
  const publications = published + recorded;
  const calls = Object.values(moving).reduce((sum, count) => sum + count, 0);
  const lookups = moving["look-up"] ?? 0;
  const waited = providerSeconds.read * (1 + lookups) + providerSeconds.move;
  const lambdaSeconds = calls * ownSeconds + waited;
  const pauses = lookupWaitsSeconds.slice(0, lookups).reduce<number>((sum, seconds) => sum + seconds, 0);
  const flowSeconds = Math.ceil((lambdaSeconds + 0.1 + pauses) * 10) / 10;
  const events =
    millionTimes(consumption.events, prices.event) +
    millionTimes(publications, prices.lambdaCall) +
    millionTimes(eventReads, prices.readUnit);
  return [
    line(named(consumption.apiCalls, "HTTP API call"), consumption.apiCalls, prices.apiCall),
    line(named(calls, "Lambda call"), calls, prices.lambdaCall),
    line(
      `${lambdaSeconds.toFixed(2)} s of Lambda at 256 MB, ${waited.toFixed(2)} s of it the provider's`,
      lambdaSeconds * lambdaGb,
      prices.lambdaGbSecond,
    ),
    line(named(consumption.flows, "Express flow"), consumption.flows, prices.flow),
    line(`${flowSeconds.toFixed(1)} s of Express at 64 MB`, flowSeconds * expressGb, prices.flowGbSecond),
    line(named(write, "write unit"), write, prices.writeUnit),
    line(named(read, "read unit"), read, prices.readUnit),
    line(`${named(consumption.logBytes, "byte")} of log`, consumption.logBytes, prices.logByte),
    {
      what: `events out: ${named(consumption.events, "event")}, ${named(publications, "Lambda call")}`,
      dollarsPerMillion: events,
      source: prices.event.source,
    },
  ];
}

/** Dollars per million for moving the money: everything but the events out. */
export function movingCost(lines: readonly CostLine[]): number {
  return lines.slice(0, -1).reduce((sum, { dollarsPerMillion }) => sum + dollarsPerMillion, 0);
}

function named(count: number, what: string): string {
  return `${rounded(count)} ${what}${count === 1 ? "" : "s"}`;
}

function line(what: string, quantity: number, price: Price): CostLine {
  return { what, dollarsPerMillion: millionTimes(quantity, price), source: price.source };
}

/** Dollars for so much of it, a million times. */
function millionTimes(quantity: number, { femtoDollars }: Price): number {
  return (quantity * femtoDollars) / 1e9;
}
