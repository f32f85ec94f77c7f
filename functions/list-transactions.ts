/** `GET /v1/transactions`: a tenant's transactions, newest first, page by page. */
import * as z from "zod/mini";
import { kinds, statuses } from "../lib/domain/transaction.ts";
import { transactionLists } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { presentTransaction } from "../lib/lambda/present.ts";
import type { TransactionLists } from "../lib/store/port.ts";

const limitMax = 100;
const limitDefault = 25;

/** A day or a moment with its zone. Nothing laxer: Date.parse takes "2026-11-20june" for the eleventh of June. */
const moment = z.pipe(
  z.union(
    [z.iso.date(), z.iso.datetime({ offset: true })],
    "must be an ISO 8601 date or time with its zone, such as 2026-11-20T09:30:00Z",
  ),
  z.transform((text: string) => new Date(text).toISOString()),
);

const text = z.string().check(z.minLength(1, "must not be empty"));

/** A page begins where the last one ended; callers need not know where that is. */
const cursor = z.pipe(
  z
    .string()
    .check(z.refine((given) => positionOf(given) !== undefined, "must be the cursor of an earlier answer, unchanged")),
  z.transform((given: string) => positionOf(given)),
);

export const ListTransactions = z.strictObject({
  kind: z.exactOptional(z.enum(kinds)),
  status: z.exactOptional(z.enum(statuses)),
  connection: z.exactOptional(text),
  batch: z.exactOptional(text),
  original: z.exactOptional(text),
  from: z.exactOptional(moment),
  to: z.exactOptional(moment),
  limit: z._default(
    z.pipe(
      z
        .string()
        .check(
          z.refine(
            (given) => /^\d{1,3}$/.test(given) && Number(given) >= 1 && Number(given) <= limitMax,
            `must be a whole number from 1 to ${limitMax}`,
          ),
        ),
      z.transform(Number),
    ),
    limitDefault,
  ),
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
      ...(next !== undefined && { cursor: Buffer.from(next).toString("base64url") }),
    },
  };
}

function positionOf(given: string): string | undefined {
  const position = Buffer.from(given, "base64url").toString("utf8");
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z#txn_[a-z0-9]+$/.test(position) ? position : undefined;
}

export const handler = endpointHandler({ scope: "transactions:read", input: ListTransactions, run }, () => ({
  transactions: transactionLists(),
}));
