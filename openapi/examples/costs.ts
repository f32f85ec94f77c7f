/** What the example transactions consumed, as the local stack counts it. */
import { noCost, presentCost, sumOfCosts } from "../../lib/domain/cost.ts";

const began = "2026-11-20";

/** Accepted, nothing more. */
export const costWhenAccepted = presentCost(
  { ...noCost, writeUnits: 4, readHalfUnits: 2, lambdaCalls: 2, lambdaMs: 32, lambdaMbMs: 16_384, apiCalls: 1 },
  began,
);

const finished = {
  writeUnits: 7,
  readHalfUnits: 12,
  lambdaCalls: 5,
  lambdaMs: 204,
  lambdaMbMs: 104_448,
  apiCalls: 1,
  flows: 1,
  flowMs: 233,
  transitions: 9,
};

/** Carried out, from the call to the last word. */
export const costWhenFinished = presentCost(finished, began);

/** Two of them. */
export const costOfTwo = presentCost(sumOfCosts([finished, finished]), began);

/** Three that a batch has made. */
export const costOfThree = presentCost(
  {
    writeUnits: 26,
    readHalfUnits: 44,
    lambdaCalls: 12,
    lambdaMs: 565,
    lambdaMbMs: 289_280,
    apiCalls: 1,
    flows: 4,
    flowMs: 642,
    transitions: 33,
  },
  began,
);
