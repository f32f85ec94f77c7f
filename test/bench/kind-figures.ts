/** What one transaction of a kind consumes, costs and takes. */
import type { Kind } from "../../lib/domain/transaction.ts";
import type { Counts } from "./counted.ts";
import { type Consumption, movingUnits, total } from "./metered-stack.ts";
import type { UnitsByPlace } from "./metering-proxy.ts";
import type { Overhead, Overheads } from "./overhead.ts";
import { type CostLine, costOf, movingCost, pricesOf } from "./prices.ts";
import { rounded } from "./statistics.ts";

interface UnitSums {
  readonly writeUnits: number;
  readonly readUnits: number;
}

export interface KindFigures extends UnitSums, Overhead {
  readonly unitsByPlace: UnitsByPlace;
  readonly transitions: number;
  readonly lambdaCalls: Readonly<Record<string, number>>;
  readonly logBytes: number;
  /** Without the events out; at the list prices of `pricesOf`. */
  readonly dollarsPerMillion: number;
  readonly pricesOf: string;
  readonly cost: readonly CostLine[];
  /** The very first one, which logs in; a further refund of the same original; the same key again. */
  readonly first: UnitSums;
  readonly again?: UnitSums;
  readonly replay: UnitSums;
}

export function kindFigures(kind: Kind, counts: Counts, overheads: Overheads): KindFigures {
  const { first, later, again, replay } = counts[kind];
  const cost = costOf(later);
  return {
    ...sumsOf(later),
    unitsByPlace: later.units,
    transitions: later.transitions,
    lambdaCalls: later.lambdaCalls,
    logBytes: later.logBytes,
    dollarsPerMillion: rounded(movingCost(cost)),
    pricesOf,
    cost,
    first: sumsOf(first),
    ...(again && { again: sumsOf(again) }),
    replay: sumsOf(replay),
    ...overheads.kinds[kind],
  };
}

function sumsOf(consumption: Consumption): UnitSums {
  const { write, read } = total(movingUnits(consumption));
  return { writeUnits: write, readUnits: read };
}
