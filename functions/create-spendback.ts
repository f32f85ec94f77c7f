/** `POST /v1/spendbacks`: a payee's wallet pays the merchant. */
import * as z from "zod/mini";
import { type AcceptDependencies, accept, operationOf, unlessAccepted } from "../lib/lambda/accept.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { claimStore, clock, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { invalid } from "../lib/lambda/input.ts";
import {
  AmountInput,
  answerWith,
  ConnectionInput,
  connectionFor,
  DescriptionInput,
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
  const identity = {
    tenant: call.tenant,
    operation: operationOf.spendback,
    key: call.idempotencyKey,
    request: input,
  };
  const known = await unlessAccepted(identity, dependencies, async () => {
    const { connection, calls } = await connectionFor(
      "spendback",
      input.connection,
      call.tenant,
      dependencies.connections,
    );
    const wrong = calls.check(input);
    if (wrong.length > 0) throw invalid(wrong);
    return connection;
  });
  if ("accepted" in known) return answerWith(known.accepted, call, dependencies);

  const acceptance = await accept(
    {
      ...identity,
      transaction: { ...input, kind: "spendback", provider: known.checked.provider },
      requestId: call.requestId,
    },
    dependencies,
  );
  return answerWith(acceptance, call, dependencies);
}

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateSpendback, run },
  (): Dependencies => ({
    transactions: transactionStore(),
    claims: claimStore(),
    flow: stepFunctionsFlow(),
    connections: connectionBook(),
    ...clock,
  }),
);
