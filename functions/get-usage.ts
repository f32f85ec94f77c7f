/** `GET /v1/usage?month=2026-11`: what a tenant's transactions of a month came to, and what they cost. */
import * as z from "zod/mini";
import { presentCost } from "../lib/domain/cost.ts";
import { monthOf, startOf } from "../lib/domain/usage.ts";
import { type CountDependencies, countUsage } from "../lib/lambda/count-usage.ts";
import { clock, transactionLists, transactionStore, usageStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { invalid } from "../lib/lambda/input.ts";
import type { ShownUsage } from "../lib/lambda/shown-cost.ts";

const monthMessage = "must be a month in UTC, such as 2026-11";

export const GetUsage = z.strictObject({
  month: z.string(monthMessage).check(z.regex(/^20\d\d-(0[1-9]|1[0-2])$/, monthMessage)),
});
export type GetUsage = z.infer<typeof GetUsage>;

/** How long a call counts at most: some 15,000 transactions. The schedule has nearly always counted all but the last hour's. */
const countingMs = 8_000;

export async function run({ month }: GetUsage, dependencies: CountDependencies, call: Call): Promise<Answer> {
  const started = dependencies.now();
  if (month > monthOf(started)) throw invalid([{ path: "month", message: "must not be in the future (UTC)" }]);
  const until = started.getTime() + countingMs;
  const { figures, countedTo } = await countUsage(
    { tenant: call.tenant, month },
    dependencies,
    () => dependencies.now().getTime() < until,
  );
  const { transactions, byStatus, moved, cost } = figures;
  return {
    status: 200,
    body: {
      month,
      transactions,
      byStatus,
      moved: Object.fromEntries(Object.entries(moved).map(([currency, sum]) => [currency, presentSum(sum)])),
      cost: presentCost(cost, startOf(month)),
      countedTo,
    } satisfies ShownUsage,
  };
}

/** JSON's readers take larger numbers apart. */
function presentSum(sum: bigint): number | string {
  return sum <= Number.MAX_SAFE_INTEGER ? Number(sum) : String(sum);
}

export const handler = endpointHandler({ scope: "transactions:read", input: GetUsage, run }, () => ({
  usage: usageStore(),
  transactions: { ...transactionStore(), ...transactionLists() },
  now: clock.now,
}));
