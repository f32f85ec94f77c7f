/** `PUT /v1/cashback-schedules/{connection}`: says when a connection's accruals are paid. */
import * as z from "zod/mini";
import { type CashbackSchedule, cashbackScheduleId } from "../lib/domain/cashback-schedule.ts";
import { isCurrency } from "../lib/domain/currencies.ts";
import { amountMinorMax } from "../lib/domain/money.ts";
import { cashbackRunStore, cashbackScheduleStore } from "../lib/lambda/accrual-stores.ts";
import { timesOf } from "../lib/lambda/begin-run.ts";
import { showSchedule } from "../lib/lambda/cashback-schedules.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { clock } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { invalid } from "../lib/lambda/input.ts";
import { connectionFor, DescriptionInput } from "../lib/lambda/money-request.ts";
import { isTimeZone, readCron } from "../lib/lambda/schedule-expression.ts";
import type { CashbackRunStore, CashbackScheduleStore } from "../lib/store/accruals.ts";

/** The longest expression that is read. */
const cronLengthMax = 200;

const cronMessage = "is required: when to pay, such as 0 6 * * 1 or cron(0 6 ? * MON *)";
const zoneMessage = "must be an IANA time zone, such as Europe/Istanbul";
const minimumMessage = `must be a whole number of minor units from 1 to ${amountMinorMax} (5.00 TRY is 500)`;

const CronInput = z.string(cronMessage).check(
  z.check((payload) => {
    const message = cronProblem(payload.value);
    if (message !== undefined) payload.issues.push({ code: "custom", input: payload.value, message });
  }),
);

const MinimumInput = z.record(z.string(), z.number(minimumMessage)).check(
  z.check((payload) => {
    for (const [currency, value] of Object.entries(payload.value)) {
      const isInRange = Number.isSafeInteger(value) && value >= 1 && value <= amountMinorMax;
      const message = isCurrency(currency)
        ? minimumMessage
        : "must be an active ISO 4217 code in capitals, such as TRY";
      if (!isCurrency(currency) || !isInRange) {
        payload.issues.push({ code: "custom", input: value, path: [currency], message });
      }
    }
  }),
);

function cronProblem(text: string): string | undefined {
  if (text === "") return cronMessage;
  if (text.length > cronLengthMax) return `must have at most ${cronLengthMax} characters`;
  const read = readCron(text, "UTC");
  return "problem" in read ? `is no cron expression: ${read.problem}` : undefined;
}

export const PutCashbackSchedule = z.strictObject({
  connection: z.string(),
  cron: CronInput,
  timeZone: z._default(z.string(zoneMessage).check(z.refine(isTimeZone, zoneMessage)), "UTC"),
  minimumPayout: z.exactOptional(MinimumInput),
  description: z.exactOptional(DescriptionInput),
  paused: z.exactOptional(z.boolean("must be true or false")),
});
export type PutCashbackSchedule = z.infer<typeof PutCashbackSchedule>;

export interface Dependencies {
  readonly schedules: Pick<CashbackScheduleStore, "get" | "create" | "replace">;
  readonly runs: Pick<CashbackRunStore, "get">;
  readonly connections: ConnectionBook;
  readonly now: () => Date;
}

/** How often the change is made anew because another came between. */
const triesMax = 8;

/** Whole and idempotent by nature: what is put is what there is, so no key is asked for. */
export async function run(input: PutCashbackSchedule, dependencies: Dependencies, { tenant }: Call): Promise<Answer> {
  const { schedules, connections, now } = dependencies;
  const place = { tenant, connection: input.connection };
  const { connection } = await connectionFor("cashback", input.connection, tenant, connections);
  for (let tries = 0; tries < triesMax; tries++) {
    const present = await schedules.get(place);
    const next = scheduleOf(input, { tenant, provider: connection.provider, present, at: now() });
    const isStored = await (present ? schedules.replace(next) : schedules.create(next));
    if (isStored) return { status: present ? 200 : 201, body: await showSchedule(next, dependencies) };
  }
  throw new Error(`the cashback schedule of ${input.connection} changes too often`);
}

interface Setting {
  readonly tenant: string;
  readonly provider: string;
  readonly present: CashbackSchedule | undefined;
  readonly at: Date;
}

/** @throws VisibleError where no such time ever comes */
function scheduleOf(input: PutCashbackSchedule, { tenant, provider, present, at }: Setting): CashbackSchedule {
  const { connection, cron, timeZone, minimumPayout, description, paused } = input;
  const nextRunAt = nextRunOf(input, present, at);
  if (nextRunAt === undefined) throw invalid([{ path: "cron", message: "must name a time that comes" }]);
  return {
    id: cashbackScheduleId(tenant, connection),
    tenant,
    connection,
    provider,
    cron,
    timeZone,
    ...(minimumPayout && { minimumPayout }),
    ...(description !== undefined && { description }),
    ...(paused ? { paused } : { nextRunAt }),
    ...(present?.lastRun !== undefined && { lastRun: present.lastRun }),
    createdAt: present?.createdAt ?? at.toISOString(),
    updatedAt: at.toISOString(),
    revision: present?.revision ?? 0,
  };
}

/** A time that has come stays, whatever is put: its run is only not begun yet. What is put again and again puts nothing off. */
function nextRunOf(
  { cron, timeZone }: PutCashbackSchedule,
  present: CashbackSchedule | undefined,
  at: Date,
): string | undefined {
  const isSame = present?.cron === cron && present.timeZone === timeZone;
  const isDue = present?.nextRunAt !== undefined && present.nextRunAt <= at.toISOString();
  if (present?.nextRunAt !== undefined && (isSame || isDue)) return present.nextRunAt;
  return timesOf({ cron, timeZone })(at)?.toISOString();
}

export const handler = endpointHandler(
  { scope: "batches:write", from: "path and body", input: PutCashbackSchedule, run },
  (): Dependencies => ({
    schedules: cashbackScheduleStore(),
    runs: cashbackRunStore(),
    connections: connectionBook(),
    now: clock.now,
  }),
);
