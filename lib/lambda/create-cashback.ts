/** A request for a cashback, and how it is taken, whichever door it comes through: the merchant credits a customer's wallet. */
import * as z from "zod/mini";
import { type CreateDependencies, createMovement } from "./create-movement.ts";
import type { Answer, Call } from "./endpoint.ts";
import { AmountInput, ConnectionInput, DescriptionInput, MetadataInput } from "./money-request.ts";

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

export function createCashback(input: CreateCashback, dependencies: CreateDependencies, call: Call): Promise<Answer> {
  const { payout: _now, ...order } = input;
  return createMovement("cashback", order, (calls) => calls.check(order), dependencies, call);
}
