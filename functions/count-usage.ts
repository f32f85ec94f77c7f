/** Scheduled: counts every tenant's month on, so that whoever asks for it need not wait for a million transactions to be read. */
import type { Context } from "aws-lambda";
import { monthOf, startOf } from "../lib/domain/usage.ts";
import { type CountDependencies, countUsage } from "../lib/lambda/count-usage.ts";
import {
  apiKeyRegister,
  clock,
  once,
  transactionLists,
  transactionStore,
  usageStore,
} from "../lib/lambda/dependencies.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import type { ApiKeyRegister } from "../lib/store/api-keys.ts";

export interface Dependencies extends CountDependencies {
  readonly apiKeys: Pick<ApiKeyRegister, "list">;
}

/** A run stops when this much of its time is left: a page and a write fit in. The next run, an hour later, goes on. */
const reserveMs = 10_000;

/** This month, and the one before, whose last transactions may still be open. What is open longer is counted when somebody asks. */
export async function run(
  dependencies: Dependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<{ counted: number }> {
  const mayGoOn = () => remainingMs() > reserveMs;
  const month = monthOf(dependencies.now());
  const months = [month, monthOf(new Date(Date.parse(startOf(month)) - 1))];
  const tenants = [...new Set((await dependencies.apiKeys.list()).map(({ tenant }) => tenant))];
  let counted = 0;
  for (const tenant of tenants) {
    for (const one of months) {
      if (!mayGoOn()) return { counted };
      if (await countOrLog({ tenant, month: one }, dependencies, mayGoOn)) counted += 1;
    }
  }
  return { counted };
}

/** One tenant's trouble must not keep the others waiting. */
async function countOrLog(
  of: { readonly tenant: string; readonly month: string },
  dependencies: Dependencies,
  mayGoOn: () => boolean,
): Promise<boolean> {
  try {
    await countUsage(of, dependencies, mayGoOn);
    return true;
  } catch (error) {
    log("error", "usage not counted", { tenant: of.tenant, ...errorFields(error) });
    return false;
  }
}

const shared = once(
  (): Dependencies => ({
    usage: usageStore(),
    transactions: { ...transactionStore(), ...transactionLists() },
    apiKeys: apiKeyRegister(),
    now: clock.now,
  }),
);

export async function handler(_event: unknown, context: Context): Promise<{ counted: number }> {
  const result = await run(shared(), () => context.getRemainingTimeInMillis());
  log("info", "usage counted", { count: result.counted });
  return result;
}
