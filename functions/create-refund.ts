/** `POST /v1/refunds`: an earlier payment returns, wholly, partly, or with shares clawed back from linked accounts. */
import { CreateRefund, createRefund, refundDependencies } from "../lib/lambda/create-refund.ts";
import { endpointHandler } from "../lib/lambda/endpoint.ts";

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateRefund, run: createRefund },
  refundDependencies,
);
