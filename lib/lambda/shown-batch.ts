/** What the API shows of batches and their rows, for the API's description; `batch-present.ts` and `batch-items.ts` make it. */
import * as z from "zod/mini";
import { batchStatuses } from "../domain/batch.ts";
import { failureMessages } from "../domain/outcome.ts";
import { kinds } from "../domain/transaction.ts";
import { ShownBatchCost } from "./shown-cost.ts";
import { countField, countsByStatus, momentField, pageOf, textField } from "./shown-field.ts";
import { ShownFailure, ShownTransaction, StatusField } from "./shown-transaction.ts";

export const ShownBatchRecord = z
  .object({
    id: textField("The batch's id, derived from tenant and Idempotency-Key.", "bat_2m6v0tk9w4n1rj8e5hqx3c7d2g"),
    name: z.exactOptional(textField("The caller's name for it.")),
    status: z
      .enum(batchStatuses)
      .check(
        z.describe(
          "`open`: it waits for its start. `scheduled`: it waits for its time. `running`: its rows are carried out. `done`: none of them is on its way any more; more rows or a retry make it run again. `canceling`: what was not sent is being canceled. `canceled`: that is over.",
        ),
      ),
    rows: countField("How many rows it has."),
    runAt: z.exactOptional(momentField("When it was to begin.")),
    createdAt: momentField("When it was made."),
    startedAt: z.exactOptional(momentField("When it began.")),
    endedAt: z.exactOptional(momentField("When its last row came to rest.")),
  })
  .check(z.meta({ id: "BatchRecord", description: "A batch as a list shows it." }));
export type ShownBatchRecord = z.infer<typeof ShownBatchRecord>;

const ShownSums = z
  .object({
    total: countField("Of all rows."),
    pending: z.exactOptional(countsByStatus.pending),
    processing: z.exactOptional(countsByStatus.processing),
    succeeded: z.exactOptional(countsByStatus.succeeded),
    failed: z.exactOptional(countsByStatus.failed),
    canceled: z.exactOptional(countsByStatus.canceled),
    needs_review: z.exactOptional(countsByStatus.needs_review),
  })
  .check(
    z.meta({
      id: "BatchSums",
      description: "Minor units of one currency; a status in which nothing stands is absent.",
    }),
  );

export const ShownBatch = z
  .object({
    ...ShownBatchRecord.shape,
    repeated: countField("How many rows name a transaction that was there before, or is another batch's."),
    counts: z.object(countsByStatus).check(z.describe("How many rows stand where.")),
    amounts: z
      .record(z.string(), ShownSums)
      .check(z.describe("The rows' amounts by currency, those left out that are not known yet.")),
    rate: z.exactOptional(
      z
        .object({
          rowsPerSecond: z.number().check(z.minimum(0), z.describe("Rows that were carried out, a second.")),
        })
        .check(z.describe("How fast it goes, or went, since it began, or began again after an end.")),
    ),
    expectedEndAt: z.exactOptional(
      momentField(
        "When the last row that is to begin should have come to rest, at the batch's rate and its connections' pace. Absent where none is, and a provider's word is awaited.",
      ),
    ),
    cost: z.exactOptional(ShownBatchCost),
  })
  .check(z.meta({ id: "Batch", description: "Many requests under one name, and how far they are." }));
export type ShownBatch = z.infer<typeof ShownBatch>;

export const ShownBatches = pageOf(ShownBatchRecord, "BatchPage", "Batches, newest first.");

const row = countField("Counted from 1.");
const kind = z.enum(kinds).check(z.describe("What it asks for."));
const key = textField("Its idempotency key.", "return-2001");

export const ShownBatchItem = z
  .object({
    row: countField("Counted from 1 over the whole batch."),
    kind,
    key,
    status: StatusField,
    repeated: z.exactOptional(
      z.literal(true).check(z.describe("Its transaction was there before, or is another batch's.")),
    ),
    failure: z.exactOptional(ShownFailure),
    transaction: z.exactOptional(ShownTransaction),
  })
  .check(
    z.meta({
      id: "BatchItem",
      description: "What became of a row. It has no `transaction` before its turn, or where its key is taken.",
    }),
  );
export type ShownBatchItem = z.infer<typeof ShownBatchItem>;

export const ShownBatchItems = pageOf(ShownBatchItem, "BatchItemPage", "Rows, in their order.");

const ShownVerdict = z
  .object({
    row,
    kind,
    key,
    verdict: z
      .enum(["accepted", "repeated", "refused", "unchecked"])
      .check(
        z.describe(
          "`accepted`: nothing stands against it now. `repeated`: its key stands for a transaction already. `refused`: it would fail. `unchecked`: nobody can tell beforehand.",
        ),
      ),
    code: z.exactOptional(
      textField(`Why it would fail: a word of a list that grows; today ${Object.keys(failureMessages).join(", ")}.`),
    ),
    detail: z.exactOptional(textField("Why, in a sentence.")),
    transaction: z.exactOptional(
      z.object({ id: textField("Its id."), status: StatusField }).check(z.describe("What its key stands for already.")),
    ),
  })
  .check(z.meta({ id: "BatchVerdict", description: "What a batch would do with a row." }));

/** A verdict of which there is nothing is absent. */
const ShownVerdictSums = z.object({
  total: countField("Minor units."),
  accepted: z.exactOptional(countField("Nothing stands against them.")),
  repeated: z.exactOptional(countField("They are there already.")),
  refused: z.exactOptional(countField("They would fail.")),
  unchecked: z.exactOptional(countField("Nobody can tell.")),
});

export const ShownDryRun = z
  .object({
    dryRun: z.literal(true).check(z.describe("Nothing was stored, and nothing was sent.")),
    rows: countField("How many rows there are."),
    counts: z
      .object({
        accepted: countField("Nothing stands against them."),
        repeated: countField("They are there already."),
        refused: countField("They would fail."),
        unchecked: countField("Nobody can tell."),
      })
      .check(z.describe("How many rows of each verdict.")),
    amounts: z
      .record(z.string(), ShownVerdictSums)
      .check(z.describe("The rows' amounts by currency and verdict, as far as they are known.")),
    items: z.array(ShownVerdict).check(z.describe("Every row, in order.")),
  })
  .check(z.meta({ id: "DryRun", description: "What a batch would do." }));
export type ShownDryRun = z.infer<typeof ShownDryRun>;
