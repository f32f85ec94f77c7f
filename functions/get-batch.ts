/** `GET /v1/batches/{id}`: how far a batch is. Reading writes nothing. */
import { owned } from "../lib/lambda/batch-change.ts";
import { BatchPath } from "../lib/lambda/batch-input.ts";
import { presentBatch } from "../lib/lambda/batch-present.ts";
import type { TotalsDependencies } from "../lib/lambda/batch-totals.ts";
import { batchStore, chunkStore, clock, transactionReader } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import type { BatchStore } from "../lib/store/batches.ts";

export interface Dependencies extends TotalsDependencies {
  readonly batches: TotalsDependencies["batches"] & Pick<BatchStore, "get">;
}

export async function run({ id }: BatchPath, dependencies: Dependencies, { tenant }: Call): Promise<Answer> {
  const batch = owned(await dependencies.batches.get(id), { id, tenant });
  return { status: 200, body: await presentBatch(batch, dependencies) };
}

export const handler = endpointHandler(
  { scope: "transactions:read", input: BatchPath, run },
  (): Dependencies => ({
    batches: { ...batchStore(), ...chunkStore() },
    transactions: transactionReader(),
    now: clock.now,
  }),
);
