/** `POST /v1/batches/{id}/items`: more rows for a batch, also while it runs. */
import * as z from "zod/mini";
import { withPart } from "../lib/domain/batch-changes.ts";
import { fingerprint } from "../lib/domain/ids.ts";
import { assertOpen, changeOwnBatch, owned } from "../lib/lambda/batch-change.ts";
import { batchBodyBytesMax, ItemsInput } from "../lib/lambda/batch-input.ts";
import { assertFits, partOf, storePart } from "../lib/lambda/batch-part.ts";
import { batchAnswer } from "../lib/lambda/batch-present.ts";
import { checkRows } from "../lib/lambda/batch-rows.ts";
import type { TotalsDependencies } from "../lib/lambda/batch-totals.ts";
import { wakeBatch } from "../lib/lambda/batch-wake.ts";
import { connectionBook } from "../lib/lambda/connection-book.ts";
import type { CreateBatchDependencies } from "../lib/lambda/create-batch.ts";
import { batchStore, chunkStore, clock, transactionReader } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { eventsWhenPublished } from "../lib/lambda/events-when-published.ts";

export const AddBatchItems = z.strictObject({
  id: z.string(),
  items: ItemsInput.check(z.minLength(1, "must not be empty")),
});
export type AddBatchItems = z.infer<typeof AddBatchItems>;

export type Dependencies = CreateBatchDependencies & TotalsDependencies;

/** As with a new batch: all rows are checked, then stored, and one write makes them the batch's. */
export async function run({ id, items }: AddBatchItems, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { batches, now } = dependencies;
  const { tenant, idempotencyKey: key } = call;
  const before = owned(await batches.get(id), { id, tenant });
  const rowsCall = { batch: id, operation: "add", key, fingerprint: fingerprint(items) } as const;
  if (partOf(before, rowsCall)) return batchAnswer(202, before, dependencies, { replayed: true });
  assertOpen(before);

  const brought = await storePart(await checkRows(items, tenant, dependencies), rowsCall, batches);
  const { batch, changed } = await changeOwnBatch(
    { id, tenant },
    (current) => {
      if (partOf(current, rowsCall)) return undefined;
      assertOpen(current);
      assertFits(current, brought);
      return withPart(brought, now())(current);
    },
    batches,
  );
  if (batch.dueAt && batch.dueAt <= now().toISOString()) await wakeBatch(id, dependencies);
  return batchAnswer(202, batch, dependencies, { replayed: !changed });
}

export const handler = endpointHandler(
  {
    scope: "batches:write",
    mutates: true,
    from: "path and body",
    bodyBytesMax: batchBodyBytesMax,
    input: AddBatchItems,
    run,
  },
  (): Dependencies => ({
    batches: { ...batchStore(), ...chunkStore() },
    transactions: transactionReader(),
    connections: connectionBook(),
    events: eventsWhenPublished,
    now: clock.now,
  }),
);
