/** `GET /v1/batches/{id}/items`: what became of each row, in their order, page by page. */
import * as z from "zod/mini";
import { statuses } from "../lib/domain/transaction.ts";
import { owned } from "../lib/lambda/batch-change.ts";
import { type ItemsDependencies, itemsPage } from "../lib/lambda/batch-items.ts";
import { batchStore, chunkStore, transactionReader } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { cursorInput, cursorOf, limitInput } from "../lib/lambda/list-input.ts";
import type { BatchStore } from "../lib/store/batches.ts";

export const ListBatchItems = z.strictObject({
  id: z.string(),
  status: z.exactOptional(z.enum(statuses)),
  limit: limitInput(100),
  cursor: z.exactOptional(cursorInput(/^\d{1,8}:\d{1,3}$/)),
});
export type ListBatchItems = z.infer<typeof ListBatchItems>;

export interface Dependencies extends ItemsDependencies {
  readonly batches: ItemsDependencies["batches"] & Pick<BatchStore, "get">;
}

export async function run(input: ListBatchItems, dependencies: Dependencies, { tenant }: Call): Promise<Answer> {
  const { id, status, limit, cursor = "0:0" } = input;
  const batch = owned(await dependencies.batches.get(id), { id, tenant });
  const [chunk = 0, row = 0] = cursor.split(":").map(Number);
  const { items, next } = await itemsPage(batch, { from: { chunk, row }, limit, status }, dependencies);
  const body = { items, ...(next && { cursor: cursorOf(`${next.chunk}:${next.row}`) }) };
  return { status: 200, body };
}

export const handler = endpointHandler(
  { scope: "transactions:read", input: ListBatchItems, run },
  (): Dependencies => ({ batches: { ...batchStore(), ...chunkStore() }, transactions: transactionReader() }),
);
