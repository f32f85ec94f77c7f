/** AWS list prices, us-east-1, first tier, without the free tier; and what one spendback costs at them. */
import { type Consumption, movingUnits, total } from "./spendback.ts";

/** Read 2026-11 from the price pages named. Dollars. */
const prices = {
  httpApiPerMillion: { dollars: 1.0, source: "aws.amazon.com/api-gateway/pricing, HTTP APIs" },
  lambdaPerMillion: { dollars: 0.2, source: "aws.amazon.com/lambda/pricing, requests" },
  lambdaPerGbSecond: { dollars: 0.0000133334, source: "aws.amazon.com/lambda/pricing, arm64" },
  expressPerMillion: { dollars: 1.0, source: "aws.amazon.com/step-functions/pricing, Express requests" },
  expressPerGbSecond: { dollars: 0.00001667, source: "aws.amazon.com/step-functions/pricing, Express duration" },
  writePerMillion: { dollars: 0.625, source: "aws.amazon.com/dynamodb/pricing/on-demand, write request units" },
  readPerMillion: { dollars: 0.125, source: "aws.amazon.com/dynamodb/pricing/on-demand, read request units" },
  logsPerGb: { dollars: 0.5, source: "aws.amazon.com/cloudwatch/pricing, log ingestion" },
  eventsPerMillion: { dollars: 1.0, source: "aws.amazon.com/eventbridge/pricing, custom events" },
} as const;

/**
 * What a provider takes to answer, in seconds: not ours to measure, so assumed, and the same for every design compared.
 * A login takes as long as a balance, but one serves a day.
 */
const providerSeconds = { balance: 0.12, spendback: 0.26 } as const;

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

/** Each line of a million spendbacks; the events out come last, as they are not part of moving the money. */
export function costOf(consumption: Consumption): CostLine[] {
  const { write, read } = total(movingUnits(consumption));
  const eventReads = total(consumption.units).read - read;
  const { "publish-events": published = 0, "record-webhooks": recorded = 0, ...moving } = consumption.lambdaCalls;
  const publications = published + recorded;
  const calls = Object.values(moving).reduce((sum, count) => sum + count, 0);
  const waited = providerSeconds.balance + providerSeconds.spendback;
  const lambdaSeconds = calls * ownSeconds + waited;
  const flowSeconds = Math.ceil((lambdaSeconds + 0.1) * 10) / 10;
  const line = (what: string, quantity: number, price: { dollars: number; source: string }): CostLine => ({
    what,
    dollarsPerMillion: quantity * price.dollars,
    source: price.source,
  });
  return [
    line("1 HTTP API call", 1, prices.httpApiPerMillion),
    line(`${calls} Lambda calls`, calls, prices.lambdaPerMillion),
    line(
      `${lambdaSeconds.toFixed(2)} s of Lambda at 256 MB, ${waited.toFixed(2)} s of it the provider's`,
      lambdaSeconds * lambdaGb * 1e6,
      prices.lambdaPerGbSecond,
    ),
    line("1 Express flow", 1, prices.expressPerMillion),
    line(`${flowSeconds.toFixed(1)} s of Express at 64 MB`, flowSeconds * expressGb * 1e6, prices.expressPerGbSecond),
    line(`${write} write units`, write, prices.writePerMillion),
    line(`${read} read units`, read, prices.readPerMillion),
    line(`${consumption.logBytes} bytes of log`, (consumption.logBytes * 1e6) / 1e9, prices.logsPerGb),
    line(`events out: ${consumption.events} events, ${publications} Lambda call${publications === 1 ? "" : "s"}`, 1, {
      dollars:
        consumption.events * prices.eventsPerMillion.dollars +
        publications * prices.lambdaPerMillion.dollars +
        eventReads * prices.readPerMillion.dollars,
      source: prices.eventsPerMillion.source,
    }),
  ];
}

/** Dollars per million for moving the money: everything but the events out. */
export function movingCost(lines: readonly CostLine[]): number {
  return lines.slice(0, -1).reduce((sum, { dollarsPerMillion }) => sum + dollarsPerMillion, 0);
}
