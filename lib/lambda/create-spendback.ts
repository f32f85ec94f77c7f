/** A request for a spendback, and how it is taken, whichever door it comes through: a payee's wallet pays the merchant. */
import * as z from "zod/mini";
import { type CreateDependencies, checkedMovement, createMovement } from "./create-movement.ts";
import type { Answer, Call } from "./endpoint.ts";
import { AmountInput, ConnectionInput, DescriptionInput, MetadataInput } from "./money-request.ts";

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

export function createSpendback(input: CreateSpendback, dependencies: CreateDependencies, call: Call): Promise<Answer> {
  const checked = () => checkSpendback(input, call.tenant, dependencies);
  return createMovement("spendback", input, checked, dependencies, call);
}

/** What the input's transaction begins with. @throws VisibleError */
export function checkSpendback(
  input: CreateSpendback,
  tenant: string,
  dependencies: Pick<CreateDependencies, "connections">,
) {
  return checkedMovement("spendback", input, (calls) => calls.check(input), tenant, dependencies);
}
