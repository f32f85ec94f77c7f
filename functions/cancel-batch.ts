/** `POST /v1/batches/{id}/cancel`: cancels what was not sent; what is on its way goes on. */
import { canceledFrom } from "../lib/domain/batch-changes.ts";
import { BatchPath } from "../lib/lambda/batch-input.ts";
import { type OrderDependencies, orderDependencies, orderOfBatch } from "../lib/lambda/batch-order.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";

/** Canceling what is canceled, or done, changes nothing. */
export function run({ id }: BatchPath, dependencies: OrderDependencies, call: Call): Promise<Answer> {
  return orderOfBatch(id, canceledFrom(dependencies.now()), dependencies, call);
}

export const handler = endpointHandler(
  { scope: "batches:write", mutates: true, from: "parameters", input: BatchPath, run },
  orderDependencies,
);
