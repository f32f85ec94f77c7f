/** `POST /v1/batches/{id}/start`: begins now, also one that was to wait for its time. */
import { begun } from "../lib/domain/batch-changes.ts";
import { assertOpen } from "../lib/lambda/batch-change.ts";
import { BatchPath } from "../lib/lambda/batch-input.ts";
import { type OrderDependencies, orderDependencies, orderOfBatch } from "../lib/lambda/batch-order.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";

/** Starting what runs, or is done, changes nothing. */
export function run({ id }: BatchPath, dependencies: OrderDependencies, call: Call): Promise<Answer> {
  return orderOfBatch(
    id,
    (batch) => {
      assertOpen(batch);
      return begun(dependencies.now())(batch);
    },
    dependencies,
    call,
  );
}

export const handler = endpointHandler(
  { scope: "batches:write", mutates: true, from: "parameters", input: BatchPath, run },
  orderDependencies,
);
