/** `GET /v1/transactions`: a tenant's transactions, newest first, page by page. */
import * as z from "zod/mini";
import { kinds, statuses } from "../lib/domain/transaction.ts";
import { transactionLists } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { cursorInput, cursorOf, LimitInput, MomentInput } from "../lib/lambda/list-input.ts";
import { presentTransaction } from "../lib/lambda/present.ts";
import type { TransactionLists } from "../lib/store/port.ts";

const text = z.string().check(z.minLength(1, "must not be empty"));

const cursor = cursorInput(/^\d{4}-\d\d-\d\dT[\d:.]+Z#txn_[a-z0-9]+$/);

export const ListTransactions = z.strictObject({
  kind: z.exactOptional(z.enum(kinds)),
  status: z.exactOptional(z.enum(statuses)),
  connection: z.exactOptional(text),
  batch: z.exactOptional(text),
  original: z.exactOptional(text),
  from: z.exactOptional(MomentInput),
  to: z.exactOptional(MomentInput),
  limit: LimitInput,
  cursor: z.exactOptional(cursor),
});
export type ListTransactions = z.infer<typeof ListTransactions>;

export interface Dependencies {
  readonly transactions: Pick<TransactionLists, "list">;
}

export async function run(input: ListTransactions, { transactions }: Dependencies, call: Call): Promise<Answer> {
  const { cursor: before, limit, kind, status, connection, batch, original, from, to } = input;
  const { items, next } = await transactions.list({
    tenant: call.tenant,
    limit,
    ...(kind && { kind }),
    ...(status && { status }),
    ...(connection && { connection }),
    ...(batch && { batch }),
    ...(original && { original }),
    ...(from && { from }),
    ...(to && { to }),
    ...(before && { before }),
  });
  return {
    status: 200,
    body: {
      items: items.map(presentTransaction),
      ...(next !== undefined && { cursor: cursorOf(next) }),
    },
  };
}

export const handler = endpointHandler({ scope: "transactions:read", input: ListTransactions, run }, () => ({
  transactions: transactionLists(),
}));
