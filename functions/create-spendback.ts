/** `POST /v1/spendbacks`: a payee's wallet pays the merchant. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { type AcceptDependencies, accept, operationOf } from "../lib/lambda/accept.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { claimStore, clock, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { invalid } from "../lib/lambda/input.ts";
import {
  AmountInput,
  answerWith,
  ConnectionInput,
  DescriptionInput,
  idempotencyKey,
  MetadataInput,
} from "../lib/lambda/money-request.ts";
import { stepFunctionsFlow } from "../lib/lambda/step-functions.ts";

const name = z
  .string("must be text")
  .check(z.minLength(1, "must not be empty"), z.maxLength(300, "must have at most 300 characters"));

export const CreateSpendback = z.strictObject({
  connection: ConnectionInput,
  recipient: z
    .strictObject(
      {
        id: z.exactOptional(name),
        ref: z.exactOptional(name),
        email: z.exactOptional(z.email("must be an e-mail address")),
      },
      "is required: who pays back, as {id}, {ref} or {email}",
    )
    .check(z.refine((recipient) => Object.values(recipient).some(Boolean), "must name at least one of id, ref, email")),
  amount: AmountInput,
  description: z.exactOptional(DescriptionInput),
  metadata: z.exactOptional(MetadataInput),
});
export type CreateSpendback = z.infer<typeof CreateSpendback>;

export interface Dependencies extends AcceptDependencies {
  readonly connections: ConnectionBook;
}

export async function run(input: CreateSpendback, dependencies: Dependencies, call: Call): Promise<Answer> {
  const key = idempotencyKey(call);
  const connection = await dependencies.connections.find(input.connection, call.tenant);
  if (!connection) throw new VisibleError("unknown_connection", `There is no connection "${input.connection}".`);
  const { spendback } = connection.connector;
  if (!spendback) {
    throw new VisibleError("unsupported_operation", `The connection "${input.connection}" takes no spendbacks.`);
  }
  const wrong = spendback.check(input);
  if (wrong.length > 0) throw invalid(wrong);

  const acceptance = await accept(
    {
      tenant: call.tenant,
      operation: operationOf.spendback,
      key,
      request: input,
      transaction: { ...input, kind: "spendback", provider: connection.provider },
      requestId: call.requestId,
    },
    dependencies,
  );
  return answerWith(acceptance, call, dependencies);
}

export const handler = endpointHandler(
  { scope: "transactions:write", input: CreateSpendback, run },
  (): Dependencies => ({
    transactions: transactionStore(),
    claims: claimStore(),
    flow: stepFunctionsFlow(),
    connections: connectionBook(),
    ...clock,
  }),
);
