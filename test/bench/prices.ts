/** What one spendback costs at AWS's list prices. */
import { type Price, pricesAt } from "../../lib/domain/prices.ts";
import { type Consumption, movingUnits, total } from "./spendback.ts";

/** The table that transactions' costs are shown with, dated, in dollars for a million of each. */
const { from: _from, ...table } = pricesAt("2026-11-20");
const prices = {
  apiCalls: perMillion(table.apiCall),
  lambdaCalls: perMillion(table.lambdaCall),
  lambdaGbSeconds: perMillion(table.lambdaGbSecond),
  flows: perMillion(table.flow),
  flowGbSeconds: perMillion(table.flowGbSecond),
  writeUnits: perMillion(table.writeUnit),
  readUnits: perMillion(table.readUnit),
  logBytes: perMillion(table.logByte),
  events: perMillion(table.event),
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
    line("1 HTTP API call", 1, prices.apiCalls),
    line(`${calls} Lambda calls`, calls, prices.lambdaCalls),
    line(
      `${lambdaSeconds.toFixed(2)} s of Lambda at 256 MB, ${waited.toFixed(2)} s of it the provider's`,
      lambdaSeconds * lambdaGb,
      prices.lambdaGbSeconds,
    ),
    line("1 Express flow", 1, prices.flows),
    line(`${flowSeconds.toFixed(1)} s of Express at 64 MB`, flowSeconds * expressGb, prices.flowGbSeconds),
    line(`${write} write units`, write, prices.writeUnits),
    line(`${read} read units`, read, prices.readUnits),
    line(`${consumption.logBytes} bytes of log`, consumption.logBytes, prices.logBytes),
    line(`events out: ${consumption.events} events, ${publications} Lambda call${publications === 1 ? "" : "s"}`, 1, {
      dollars:
        consumption.events * prices.events.dollars +
        publications * prices.lambdaCalls.dollars +
        eventReads * prices.readUnits.dollars,
      source: prices.events.source,
    }),
  ];
}

/** Dollars per million for moving the money: everything but the events out. */
export function movingCost(lines: readonly CostLine[]): number {
  return lines.slice(0, -1).reduce((sum, { dollarsPerMillion }) => sum + dollarsPerMillion, 0);
}

function perMillion({ femtoDollars, source }: Price): { readonly dollars: number; readonly source: string } {
  return { dollars: femtoDollars / 1e9, source };
}
