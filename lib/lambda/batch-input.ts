/** Input that the calls about batches have in common. */
import * as z from "zod/mini";
import { rowsMax } from "./batch-rows.ts";

/** The largest body that brings rows. Lambda takes 6 MB, with each quotation mark of the body written as two. */
export const batchBodyBytesMax = 5 * 1_048_576;

/** Rows are looked at one by one, so that every wrong one is named by its number. */
export const ItemsInput = z
  .array(z.unknown(), "is required: the rows, as a list")
  .check(z.maxLength(rowsMax, `must have at most ${rowsMax} rows: bring more by POST /v1/batches/{id}/items`));

export const BatchPath = z.strictObject({ id: z.string() });
export type BatchPath = z.infer<typeof BatchPath>;
