/** What an HTTP call costs before its function does anything: the call, its invocation, and the authorizer's. */
import * as z from "zod/mini";
import { Cost, noCost, sumOfCosts } from "../domain/cost.ts";

const Spent = z.object({ requestId: z.string(), cost: Cost });

/** For the authorizer's answer, which the gateway may keep for later requests: theirs cost nothing. */
export function spentOn(requestId: string, cost: Cost): string {
  return JSON.stringify({ requestId, cost });
}

/** `spent`: as the authorizer told it. */
export function callCost(spent: string | undefined, requestId: string): Cost {
  return sumOfCosts([{ ...noCost, apiCalls: 1, lambdaCalls: 1 }, authorizerCost(spent, requestId)]);
}

function authorizerCost(spent: string | undefined, requestId: string): Cost | undefined {
  const parsed = Spent.safeParse(read(spent));
  return parsed.success && parsed.data.requestId === requestId ? parsed.data.cost : undefined;
}

/** No call fails for its bookkeeping: what cannot be read is nothing. */
function read(spent: string | undefined): unknown {
  try {
    return spent && JSON.parse(spent);
  } catch {
    return undefined;
  }
}
