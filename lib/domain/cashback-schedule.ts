/** A schedule: when a tenant's accruals at one connection are paid. */
import * as z from "zod/mini";
import { derivedId } from "./ids.ts";

const text = z.string().check(z.minLength(1));

/** By currency, in minor units. */
export const MinimumPayout = z.record(text, z.int().check(z.minimum(1)));

/** As it is stored. The time of its next run is a part of it, so that the two cannot disagree. */
export const CashbackSchedule = z.object({
  id: text,
  tenant: text,
  connection: text,
  provider: text,
  cron: text,
  timeZone: text,
  /** A group below it is not paid, and waits for more. */
  minimumPayout: z.exactOptional(MinimumPayout),
  /** Goes with each payout to the provider. */
  description: z.exactOptional(text),
  paused: z.exactOptional(z.literal(true)),
  /** Absent while paused. */
  nextRunAt: z.exactOptional(text),
  /** The run that began last. */
  lastRun: z.exactOptional(text),
  createdAt: text,
  updatedAt: text,
  /** Counts the changes: each is made to what was read, or not at all. */
  revision: z.int(),
});
export type CashbackSchedule = z.infer<typeof CashbackSchedule>;

export function cashbackScheduleId(tenant: string, connection: string): string {
  return derivedId("cbs", tenant, connection);
}
