/** `POST /v1/cashbacks`: the merchant credits a customer's wallet. */
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

const number = (message: string) =>
  z.string(message).check(z.minLength(1, message), z.maxLength(100, "must have at most 100 characters"));

export const CreateCashback = z.strictObject({
  connection: ConnectionInput,
  sender: z.exactOptional(
    z.strictObject({
      accountNumber: number("is required: the account that pays"),
      walletNumber: number("is required: the wallet that pays"),
    }),
  ),
  receiver: z.strictObject(
    { walletNumber: number("is required: the wallet that is credited") },
    "is required: who is credited, as {walletNumber}",
  ),
  amount: AmountInput,
  /** `scheduled` comes with accruals. */
  payout: z.exactOptional(z.literal("now", 'must be "now"')),
  description: z.exactOptional(DescriptionInput),
  metadata: z.exactOptional(MetadataInput),
});
export type CreateCashback = z.infer<typeof CreateCashback>;

export interface Dependencies extends AcceptDependencies {
  readonly connections: ConnectionBook;
}

export async function run(input: CreateCashback, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { payout: _now, ...wish } = input;
  const identity = {
    tenant: call.tenant,
    operation: operationOf.cashback,
    key: call.idempotencyKey,
    request: wish,
  };
  const known = await unlessAccepted(identity, dependencies, async () => {
    const { connection, calls } = await connectionFor(
      "cashback",
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
      transaction: { ...wish, kind: "cashback", provider: known.checked.provider },
      requestId: call.requestId,
    },
    dependencies,
  );
  return answerWith(acceptance, call, dependencies);
}

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateCashback, run },
  (): Dependencies => ({
    transactions: transactionStore(),
    claims: claimStore(),
    flow: stepFunctionsFlow(),
    connections: connectionBook(),
    ...clock,
  }),
);
