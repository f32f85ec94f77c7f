/** What a transaction consumed, counted, and what that costs at list prices. docs/usage.md says what is in it and what is not. */
import * as z from "zod/mini";
import { type Price, type PriceTable, pricesAt } from "./prices.ts";

/**
 * Absent, written before there was such a count, is nothing. One may be a little below zero for a moment: what was foreseen too high is
 * taken back by the next write.
 */
const count = z._default(z.int(), 0);

/** Counts, not dollars: they add up exactly, in any order. */
export const Cost = z.object({
  /** DynamoDB's, over all tables and indexes. */
  writeUnits: count,
  /** A read that may be a moment old is half a unit. */
  readHalfUnits: count,
  lambdaCalls: count,
  lambdaMs: count,
  /** The same, times the memory of each function: what Lambda bills. */
  lambdaMbMs: count,
  /** Calls of our HTTP API that changed the transaction or set its flow going. */
  apiCalls: count,
  /** Executions of the flow. */
  flows: count,
  /** How long they took, waits included. */
  flowMs: count,
  /** States that they entered. Express flows are not billed by these. */
  transitions: count,
});
export type Cost = z.infer<typeof Cost>;

export const noCost: Cost = {
  writeUnits: 0,
  readHalfUnits: 0,
  lambdaCalls: 0,
  lambdaMs: 0,
  lambdaMbMs: 0,
  apiCalls: 0,
  flows: 0,
  flowMs: 0,
  transitions: 0,
};

/** The counts of several together. An absent one, of a transaction that was never metered, is nothing. */
export function sumOfCosts(costs: Iterable<Cost | undefined>): Cost {
  const sum = { ...noCost };
  for (const cost of costs) {
    if (cost) for (const name of costNames) sum[name] += cost[name];
  }
  return sum;
}

export function isNothing(cost: Cost): boolean {
  return costNames.every((name) => cost[name] === 0);
}

export const costNames = Object.keys(noCost) as readonly (keyof Cost)[];

export interface PresentedCost extends Omit<Cost, "readHalfUnits"> {
  /** Decimal text, exact to the pico-dollar, so that rows add up to their sum: 0.000010741 is $10.74 a million. */
  readonly dollars: string;
  /** In halves. */
  readonly readUnits: number;
  /** Which list prices: the day from which they are used. */
  readonly pricesOf: string;
}

/** A cost as the API shows it. `at`: when the transaction began, or the month; its list prices count. */
export function presentCost(cost: Cost, at: string): PresentedCost {
  const { writeUnits, readHalfUnits, ...others } = cost;
  const prices = pricesAt(at);
  return {
    dollars: dollarText(femtoDollars(cost, prices)),
    writeUnits,
    readUnits: readHalfUnits / 2,
    ...others,
    pricesOf: prices.from,
  };
}

/** Each call of a function writes one line: 208 bytes on average (test/bench). */
const logBytesPerCall = 208n;

/** Express bills a flow's time in steps of 100 ms: half a step more than it took, on average. */
const flowRoundingMs = 50n;

/** Express bills memory in steps of 64 MB; our flows, whose state is ids and counts, need one. */
const flowMemoryMb = 64n;

function femtoDollars(cost: Cost, prices: PriceTable): bigint {
  const flowMs = BigInt(cost.flowMs) + BigInt(cost.flows) * flowRoundingMs;
  return (
    times(cost.writeUnits, prices.writeUnit) +
    times(cost.readHalfUnits, prices.readUnit) / 2n +
    times(cost.lambdaCalls, prices.lambdaCall) +
    BigInt(cost.lambdaCalls) * logBytesPerCall * BigInt(prices.logByte.femtoDollars) +
    forTime(BigInt(cost.lambdaMbMs), prices.lambdaGbSecond) +
    times(cost.apiCalls, prices.apiCall) +
    times(cost.flows, prices.flow) +
    forTime(flowMs * flowMemoryMb, prices.flowGbSecond)
  );
}

function times(count: number, { femtoDollars }: Price): bigint {
  return BigInt(count) * BigInt(femtoDollars);
}

function forTime(mbMs: bigint, gbSecond: Price): bigint {
  return (mbMs * BigInt(gbSecond.femtoDollars)) / (1_024n * 1_000n);
}

/** Rounded half up to 12 digits after the point; no zeros at the end. */
function dollarText(femto: bigint): string {
  const pico = femto < 0n ? 0n : (femto + 500n) / 1_000n;
  const digits = pico.toString().padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, "");
}
