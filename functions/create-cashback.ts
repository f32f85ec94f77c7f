/** `POST /v1/cashbacks`: the merchant credits a customer's wallet, now or with the next run of the connection's schedule. */
import { storedCashbacks } from "../lib/lambda/create-accrual.ts";
import { type CashbackDependencies, CreateCashback, createCashback } from "../lib/lambda/create-cashback.ts";
import { createDependencies } from "../lib/lambda/create-movement.ts";
import { endpointHandler } from "../lib/lambda/endpoint.ts";

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateCashback, run: createCashback },
  (): CashbackDependencies => {
    const dependencies = createDependencies();
    return { ...dependencies, scheduled: storedCashbacks(dependencies) };
  },
);
