/** AWS's list prices: us-east-1, arm64, first tier, without the free tier. One dated table for what is shown and what the bench prints. */

export interface Price {
  /** 10^-15 dollars, so that every price is a whole number. */
  readonly femtoDollars: number;
  readonly source: string;
}

export interface PriceTable {
  /** The first day it is used for, UTC. Always the first of a month, so that a month has one table. */
  readonly from: string;
  readonly apiCall: Price;
  readonly lambdaCall: Price;
  readonly lambdaGbSecond: Price;
  readonly flow: Price;
  readonly flowGbSecond: Price;
  readonly writeUnit: Price;
  readonly readUnit: Price;
  readonly logByte: Price;
  readonly event: Price;
}

/** Newest last. A new table is added when AWS changes a price, and the old ones stay: what was done then cost that. */
const priceTables = [
  {
    // Read on 2026-11-20 from the pages named.
    from: "2026-11-01",
    apiCall: { femtoDollars: 1_000_000_000, source: "aws.amazon.com/api-gateway/pricing, HTTP APIs" },
    lambdaCall: { femtoDollars: 200_000_000, source: "aws.amazon.com/lambda/pricing, requests" },
    lambdaGbSecond: { femtoDollars: 13_333_400_000, source: "aws.amazon.com/lambda/pricing, arm64" },
    flow: { femtoDollars: 1_000_000_000, source: "aws.amazon.com/step-functions/pricing, Express requests" },
    flowGbSecond: { femtoDollars: 16_670_000_000, source: "aws.amazon.com/step-functions/pricing, Express duration" },
    writeUnit: {
      femtoDollars: 625_000_000,
      source: "aws.amazon.com/dynamodb/pricing/on-demand, write request units",
    },
    readUnit: { femtoDollars: 125_000_000, source: "aws.amazon.com/dynamodb/pricing/on-demand, read request units" },
    logByte: { femtoDollars: 500_000, source: "aws.amazon.com/cloudwatch/pricing, log ingestion" },
    event: { femtoDollars: 1_000_000_000, source: "aws.amazon.com/eventbridge/pricing, custom events" },
  },
] as const satisfies readonly [PriceTable, ...PriceTable[]];

/** The table for what began at a time (ISO 8601; a month or a day will do). What is older than the first table is priced with that. */
export function pricesAt(at: string): PriceTable {
  const [first] = priceTables;
  return priceTables.findLast(({ from }) => from.slice(0, 7) <= at.slice(0, 7)) ?? first;
}
