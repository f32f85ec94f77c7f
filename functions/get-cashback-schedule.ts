/** `GET /v1/cashback-schedules/{connection}`: when a connection's accruals are paid next, and what the last run came to. */
import * as z from "zod/mini";
import { cashbackRunStore, cashbackScheduleStore } from "../lib/lambda/accrual-stores.ts";
import { ownSchedule, showSchedule } from "../lib/lambda/cashback-schedules.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import type { CashbackRunStore, CashbackScheduleStore } from "../lib/store/accruals.ts";

export const GetCashbackSchedule = z.strictObject({ connection: z.string() });
export type GetCashbackSchedule = z.infer<typeof GetCashbackSchedule>;

export interface Dependencies {
  readonly schedules: Pick<CashbackScheduleStore, "get">;
  readonly runs: Pick<CashbackRunStore, "get">;
}

export async function run(
  { connection }: GetCashbackSchedule,
  dependencies: Dependencies,
  { tenant }: Call,
): Promise<Answer> {
  const schedule = await ownSchedule({ tenant, connection }, dependencies);
  return { status: 200, body: await showSchedule(schedule, dependencies) };
}

export const handler = endpointHandler(
  { scope: "transactions:read", input: GetCashbackSchedule, run },
  (): Dependencies => ({ schedules: cashbackScheduleStore(), runs: cashbackRunStore() }),
);
