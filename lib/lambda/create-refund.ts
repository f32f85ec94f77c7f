/** A request for a refund, and how it is taken, whichever door it comes through: an earlier payment returns, wholly, partly, or in shares. */
import * as z from "zod/mini";
import type { Amount } from "../domain/money.ts";
import { percentHundredths, type Split, sharesOf } from "../domain/splits.ts";
import { type OriginalStore, originalId } from "../store/originals.ts";
import type { TransactionStore } from "../store/port.ts";
import { accept, operationOf, type Refusal, unlessAccepted } from "./accept.ts";
import { type CreateDependencies, createDependencies } from "./create-movement.ts";
import { remainingStore } from "./dependencies.ts";
import type { Answer, Call } from "./endpoint.ts";
import { invalid } from "./input.ts";
import {
  AmountInput,
  answerWith,
  ConnectionInput,
  connectionFor,
  DescriptionInput,
  MetadataInput,
} from "./money-request.ts";
import { refundedOriginal } from "./original.ts";

const name = (message: string) =>
  z.string(message).check(z.minLength(1, message), z.maxLength(300, "must have at most 300 characters"));

const percentMessage = "must be a percentage above 0 and at most 100, with at most two decimals, such as 5.75";

const SplitInput = z.strictObject({
  linkedAccount: name("is required: the linked account that pays its share back"),
  percent: z.exactOptional(
    z.pipe(
      z.union([z.number(), z.string()], percentMessage),
      z.pipe(
        z.transform(String),
        z.string().check(z.refine((text) => percentHundredths(text) !== undefined, percentMessage)),
      ),
    ),
  ),
  amount: z.exactOptional(
    z
      .number("must be a whole number of minor units, at least 1")
      .check(
        z.refine(
          (value) => Number.isSafeInteger(value) && value >= 1,
          "must be a whole number of minor units, at least 1",
        ),
      ),
  ),
});

export const CreateRefund = z.strictObject({
  connection: ConnectionInput,
  original: name("is required: the payment that returns, by the provider's id or by ours"),
  amount: z.exactOptional(AmountInput),
  originalAmount: z.exactOptional(AmountInput),
  splits: z.exactOptional(
    z.array(SplitInput).check(z.minLength(1, "must not be empty"), z.maxLength(100, "must have at most 100 rows")),
  ),
  account: z.exactOptional(
    z.strictObject({
      accountNumber: z.exactOptional(name("must be text")),
      walletId: z.exactOptional(name("must be text")),
      currency: z.exactOptional(name("must be text")),
    }),
  ),
  description: z.exactOptional(DescriptionInput),
  metadata: z.exactOptional(MetadataInput),
});
export type CreateRefund = z.infer<typeof CreateRefund>;

export interface RefundDependencies extends CreateDependencies {
  readonly originals: Pick<OriginalStore, "remaining">;
}

/** Where a refund's original is looked up that is one of our transactions. */
interface RefundedDependencies {
  readonly transactions: Pick<TransactionStore, "get">;
}

export async function createRefund(input: CreateRefund, dependencies: RefundDependencies, call: Call): Promise<Answer> {
  const identity = {
    tenant: call.tenant,
    operation: operationOf.refund,
    key: call.idempotencyKey,
    request: input,
  };
  const known = await unlessAccepted(identity, dependencies, () => checkRefund(input, call.tenant, dependencies));
  if ("accepted" in known) return answerWith(known.accepted, call, dependencies);

  const { checked } = known;
  const original = originalId(input.connection, checked.providerOriginal ?? checked.original);
  const acceptance = await accept(
    {
      ...identity,
      transaction: checked,
      requestId: call.requestId,
      by: call.door ?? "api",
      refuse: () => refuseWhatCannotFit(original, input.amount, dependencies.originals),
    },
    dependencies,
  );
  return answerWith(acceptance, call, dependencies);
}

/** What the input's transaction begins with. @throws VisibleError */
export async function checkRefund(
  input: CreateRefund,
  tenant: string,
  { connections, transactions }: Pick<CreateDependencies, "connections"> & RefundedDependencies,
) {
  const { connection, calls } = await connectionFor("refund", input.connection, tenant, connections);
  const { providerOriginal, ownAmount } = await refundedOriginal(input, tenant, transactions);
  const { splits, amount, account = {} } = input;
  const original = providerOriginal ?? input.original;
  const draft = {
    ...input,
    original,
    account,
    splits: (splits ?? []).map((row) => ({ ...row, amount: row.amount ?? 0 })),
  };
  const wrong = calls.check(draft);
  if (wrong.length > 0) throw invalid(wrong);
  const originalAmount = ownAmount ?? input.originalAmount;
  if (!amount && !(originalAmount?.currency ?? calls.currency(draft))) {
    throw invalid([
      {
        path: "amount",
        message: "is required: without it, or account.currency, the currency of the rest is not known",
      },
    ]);
  }
  return {
    ...input,
    kind: "refund" as const,
    provider: connection.provider,
    ...(splits && { splits: amount ? sharesWithin(amount, splits) : splits }),
    ...(providerOriginal !== undefined && { providerOriginal }),
    ...(originalAmount && { originalAmount }),
  };
}

/** Where the record already says that it does not fit, the caller hears it at once. Whether it does fit is decided by the hold. */
async function refuseWhatCannotFit(
  id: string,
  amount: Amount | undefined,
  originals: RefundDependencies["originals"],
): Promise<Refusal | undefined> {
  const left = await originals.remaining(id);
  // A figure that nobody relied on yet may be old or wrong: the flow asks again.
  if (!left?.isTouched) return undefined;
  if (amount && amount.currency !== left.currency) {
    throw invalid([{ path: "amount.currency", message: `must be ${left.currency}, as the original payment is` }]);
  }
  if (left.value >= (amount?.value ?? 1)) return undefined;
  const detail = `Of this original ${left.value} ${left.currency} (minor units) are left to refund.`;
  return { code: "refund_exceeds_remaining", detail };
}

function sharesWithin({ value }: Amount, splits: readonly Split[]): readonly Split[] {
  try {
    return sharesOf(value, splits);
  } catch (error) {
    if (error instanceof RangeError) throw invalid([{ path: "splits", message: error.message }]);
    throw error;
  }
}

export const refundDependencies = (): RefundDependencies => ({ ...createDependencies(), originals: remainingStore() });
