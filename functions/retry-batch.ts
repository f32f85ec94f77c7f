/** `POST /v1/batches/{id}/retry`: tries once more what definitely failed, and nothing else. */
import { callId, retriesMax } from "../lib/domain/batch.ts";
import { withRetry } from "../lib/domain/batch-changes.ts";
import { VisibleError } from "../lib/domain/errors.ts";
import { assertOpen } from "../lib/lambda/batch-change.ts";
import { BatchPath } from "../lib/lambda/batch-input.ts";
import { type OrderDependencies, orderDependencies, orderOfBatch } from "../lib/lambda/batch-order.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";

/** A call with the same key is the same retry. Before the batch began nothing has failed, and nothing is done. */
export function run({ id }: BatchPath, dependencies: OrderDependencies, call: Call): Promise<Answer> {
  const retry = callId(id, "retry", call.idempotencyKey);
  return orderOfBatch(
    id,
    (batch) => {
      assertOpen(batch);
      const isNew = batch.retries.every((one) => one.id !== retry);
      if (isNew && batch.retries.length >= retriesMax) {
        throw new VisibleError("batch_closed", `This batch was retried ${retriesMax} times: make another one.`);
      }
      return withRetry(retry, dependencies.now())(batch);
    },
    dependencies,
    call,
  );
}

export const handler = endpointHandler(
  { scope: "batches:write", mutates: true, from: "parameters", input: BatchPath, run },
  orderDependencies,
);
