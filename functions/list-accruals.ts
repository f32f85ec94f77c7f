/** `GET /v1/accruals`: a tenant's accruals, newest first, page by page; or those that a transaction pays. */
import * as z from "zod/mini";
import { type AccrualStatus, accrualStatuses } from "../lib/domain/accrual.ts";
import { accrualLists, payoutStore } from "../lib/lambda/accrual-stores.ts";
import { transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { type AccrualPages, accrualsOfTenant, accrualsOfTransaction } from "../lib/lambda/list-accruals.ts";
import { cursorInput, cursorOf, LimitInput } from "../lib/lambda/list-input.ts";

const text = z.string().check(z.minLength(1, "must not be empty"));

const cursor = cursorInput(/^\d{4}-\d\d-\d\dT[\d:.]+Z#acc_[a-z0-9]+$/);

export const ListAccruals = z.strictObject({
  connection: z.exactOptional(text),
  status: z.exactOptional(z.enum(accrualStatuses)),
  receiver: z.exactOptional(text),
  transaction: z.exactOptional(text),
  limit: LimitInput,
  cursor: z.exactOptional(cursor),
});
export type ListAccruals = z.infer<typeof ListAccruals>;

export async function run(input: ListAccruals, dependencies: AccrualPages, { tenant }: Call): Promise<Answer> {
  const { cursor: before, transaction, status, ...query } = input;
  const page = {
    ...query,
    tenant,
    ...(status && { status: status satisfies AccrualStatus }),
    ...(before && { before }),
  };
  const { items, next } = transaction
    ? await accrualsOfTransaction(transaction, page, dependencies)
    : await accrualsOfTenant(page, dependencies);
  return { status: 200, body: { items, ...(next !== undefined && { cursor: cursorOf(next) }) } };
}

export const handler = endpointHandler(
  { scope: "transactions:read", input: ListAccruals, run },
  (): AccrualPages => ({ accruals: accrualLists(), payouts: payoutStore(), transactions: transactionStore() }),
);
