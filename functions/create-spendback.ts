/** `POST /v1/spendbacks`: a payee's wallet pays the merchant. */

import { createDependencies } from "../lib/lambda/create-movement.ts";
import { CreateSpendback, createSpendback } from "../lib/lambda/create-spendback.ts";
import { endpointHandler } from "../lib/lambda/endpoint.ts";

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateSpendback, run: createSpendback },
  createDependencies,
);
