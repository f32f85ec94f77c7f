/** `POST /v1/cashbacks`: the merchant credits a customer's wallet. */
import { CreateCashback, createCashback } from "../lib/lambda/create-cashback.ts";
import { createDependencies } from "../lib/lambda/create-movement.ts";
import { endpointHandler } from "../lib/lambda/endpoint.ts";

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateCashback, run: createCashback },
  createDependencies,
);
