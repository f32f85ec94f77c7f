/** `GET /v1/transactions/{id}`: one transaction with its log. Whoever reads one that is overdue sets it going again. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { clock, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { presentTransaction } from "../lib/lambda/present.ts";
import { type Repairer, repairer } from "../lib/lambda/repair.ts";
import { stepFunctionsFlow } from "../lib/lambda/step-functions.ts";
import type { TransactionStore } from "../lib/store/port.ts";

export const GetTransaction = z.strictObject({ id: z.string() });
export type GetTransaction = z.infer<typeof GetTransaction>;

export interface Dependencies {
  readonly transactions: Pick<TransactionStore, "get">;
  readonly repair: Repairer;
}

export async function run({ id }: GetTransaction, { transactions, repair }: Dependencies, call: Call): Promise<Answer> {
  // Consistent: a caller who was just answered 202 must not be told 404.
  const transaction = await transactions.get(id, "consistent");
  // Another tenant's transaction does not exist.
  if (transaction?.tenant !== call.tenant) throw new VisibleError("not_found", `There is no transaction "${id}".`);
  await repair(transaction, call.requestId);
  return { status: 200, body: presentTransaction(transaction), transactionId: id };
}

export const handler = endpointHandler({ scope: "transactions:read", input: GetTransaction, run }, () => ({
  transactions: transactionStore(),
  repair: repairer({ flow: stepFunctionsFlow(), now: clock.now }),
}));
