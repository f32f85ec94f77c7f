/** `GET /v1/batches`: a tenant's batches, newest first, page by page. */
import * as z from "zod/mini";
import { rowsOf } from "../lib/domain/batch.ts";
import { presentRecord } from "../lib/lambda/batch-present.ts";
import { batchStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { cursorInput, cursorOf, LimitInput } from "../lib/lambda/list-input.ts";
import type { BatchStore } from "../lib/store/batches.ts";

export const ListBatches = z.strictObject({
  limit: LimitInput,
  cursor: z.exactOptional(cursorInput(/^\d{4}-\d\d-\d\dT[\d:.]+Z#bat_[a-z0-9]+$/)),
});
export type ListBatches = z.infer<typeof ListBatches>;

export interface Dependencies {
  readonly batches: Pick<BatchStore, "list">;
}

export async function run(
  { limit, cursor: before }: ListBatches,
  { batches }: Dependencies,
  call: Call,
): Promise<Answer> {
  const { items, next } = await batches.list({ tenant: call.tenant, limit, ...(before && { before }) });
  const body = {
    items: items.map((batch) => presentRecord(batch, rowsOf(batch))),
    ...(next !== undefined && { cursor: cursorOf(next) }),
  };
  return { status: 200, body };
}

export const handler = endpointHandler({ scope: "transactions:read", input: ListBatches, run }, () => ({
  batches: batchStore(),
}));
