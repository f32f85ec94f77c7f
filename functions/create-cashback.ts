/** `POST /v1/cashbacks`: the merchant credits a customer's wallet, now or with the next run of the connection's schedule. */
import { CreateCashback, cashbackDependencies, createCashback } from "../lib/lambda/create-cashback.ts";
import { endpointHandler } from "../lib/lambda/endpoint.ts";

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateCashback, run: createCashback },
  cashbackDependencies,
);
