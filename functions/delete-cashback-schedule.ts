/** `DELETE /v1/cashback-schedules/{connection}`: no more runs. What waits goes on waiting; a run that has begun goes on. */
import * as z from "zod/mini";
import { cashbackScheduleStore } from "../lib/lambda/accrual-stores.ts";
import { noSchedule } from "../lib/lambda/cashback-schedules.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import type { ShownScheduleDeletion } from "../lib/lambda/shown-accrual.ts";
import type { CashbackScheduleStore } from "../lib/store/accruals.ts";

export const DeleteCashbackSchedule = z.strictObject({ connection: z.string() });
export type DeleteCashbackSchedule = z.infer<typeof DeleteCashbackSchedule>;

export interface Dependencies {
  readonly schedules: Pick<CashbackScheduleStore, "remove">;
}

export async function run(
  { connection }: DeleteCashbackSchedule,
  { schedules }: Dependencies,
  { tenant }: Call,
): Promise<Answer> {
  const place = { tenant, connection };
  if (!(await schedules.remove(place))) throw noSchedule(place);
  return { status: 200, body: { connection, deleted: true } satisfies ShownScheduleDeletion };
}

export const handler = endpointHandler(
  { scope: "batches:write", from: "parameters", input: DeleteCashbackSchedule, run },
  (): Dependencies => ({ schedules: cashbackScheduleStore() }),
);
