/** A request for a cashback, and how it is taken, whichever door it comes through: the merchant credits a customer's wallet. */
import * as z from "zod/mini";
import type { ScheduledCashbacks } from "./create-accrual.ts";
import { type CreateDependencies, checkedMovement, createMovement } from "./create-movement.ts";
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
  /** Absent: now. */
  payout: z.exactOptional(z.enum(["now", "scheduled"], 'must be "now" or "scheduled"')),
  description: z.exactOptional(DescriptionInput),
  metadata: z.exactOptional(MetadataInput),
});
export type CreateCashback = z.infer<typeof CreateCashback>;

export interface CashbackDependencies extends CreateDependencies {
  readonly scheduled: ScheduledCashbacks;
}

/** Paid at once it is a transaction, by the schedule an accrual. A key stands for one of the two. */
export async function createCashback(
  input: CreateCashback,
  dependencies: CashbackDependencies,
  call: Call,
): Promise<Answer> {
  const { scheduled } = dependencies;
  const order = cashbackOrder(input);
  switch (input.payout ?? "now") {
    case "scheduled":
      return scheduled.take(order, call);
    case "now": {
      const checked = () => checkCashback(input, call.tenant, dependencies);
      return createMovement("cashback", order, checked, dependencies, call);
    }
  }
}

/** What is ordered now: what the key of the input stands for. */
export function cashbackOrder({ payout: _now, ...order }: CreateCashback) {
  return order;
}

/** What the input's transaction begins with. @throws VisibleError */
export function checkCashback(
  input: CreateCashback,
  tenant: string,
  dependencies: Pick<CreateDependencies, "connections">,
) {
  const order = cashbackOrder(input);
  return checkedMovement("cashback", order, (calls) => calls.check(order), tenant, dependencies);
}
