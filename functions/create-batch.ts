/** `POST /v1/batches`: many requests at once, all checked before any is taken. */
import * as z from "zod/mini";
import { batchBodyBytesMax, ItemsInput } from "../lib/lambda/batch-input.ts";
import { batchAnswer } from "../lib/lambda/batch-present.ts";
import type { TotalsDependencies } from "../lib/lambda/batch-totals.ts";
import { connectionBook } from "../lib/lambda/connection-book.ts";
import { type CreateBatchDependencies, createBatch } from "../lib/lambda/create-batch.ts";
import { batchStore, chunkStore, clock, transactionReader } from "../lib/lambda/dependencies.ts";
import { dryRunWhenAsked } from "../lib/lambda/dry-run-when-asked.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { eventsWhenPublished } from "../lib/lambda/events-when-published.ts";
import { invalid } from "../lib/lambda/input.ts";
import { PreciseMomentInput } from "../lib/lambda/list-input.ts";
import type { ShownDryRun } from "../lib/lambda/shown-batch.ts";

/** A year, and a day for the leap year: a batch that is to wait for longer is most likely a mistake in writing the time. */
const aheadMsMax = 366 * 86_400_000;

const flag = z.exactOptional(z.boolean("must be true or false"));

export const CreateBatch = z.strictObject({
  items: ItemsInput,
  name: z.exactOptional(
    z
      .string("must be text")
      .check(z.minLength(1, "must not be empty"), z.maxLength(100, "must have at most 100 characters")),
  ),
  runAt: z.exactOptional(PreciseMomentInput),
  start: flag,
  dryRun: flag,
});
export type CreateBatch = z.infer<typeof CreateBatch>;

export interface Dependencies extends CreateBatchDependencies, TotalsDependencies {
  readonly batches: CreateBatchDependencies["batches"];
  readonly transactions: CreateBatchDependencies["transactions"];
  readonly dryRun: (items: readonly unknown[], tenant: string) => Promise<ShownDryRun>;
}

export async function run(input: CreateBatch, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { dryRun: isDry = false, ...request } = input;
  if (request.runAt !== undefined && request.start === false) {
    throw invalid([{ path: "start", message: "must be absent where runAt says when to start" }]);
  }
  const latest = new Date(dependencies.now().getTime() + aheadMsMax).toISOString();
  if (request.runAt !== undefined && request.runAt > latest) {
    throw invalid([{ path: "runAt", message: `must be within a year, until ${latest}` }]);
  }
  if (isDry) return { status: 200, body: await dependencies.dryRun(request.items, call.tenant) };
  const { batch, replayed } = await createBatch(request, dependencies, call);
  return batchAnswer(202, batch, dependencies, { replayed });
}

export const handler = endpointHandler(
  { scope: "batches:write", mutates: true, bodyBytesMax: batchBodyBytesMax, input: CreateBatch, run },
  (): Dependencies => ({
    batches: { ...batchStore(), ...chunkStore() },
    transactions: transactionReader(),
    connections: connectionBook(),
    events: eventsWhenPublished,
    dryRun: dryRunWhenAsked,
    now: clock.now,
  }),
);
