/** What the calls that move money have in common: their headers, their shared fields, and their answer. */
import * as z from "zod/mini";
import { isCurrency } from "../domain/currencies.ts";
import { VisibleError } from "../domain/errors.ts";
import { type Amount, amountMinorMax } from "../domain/money.ts";
import { isFinal, type Kind, type Transaction } from "../domain/transaction.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { Connector } from "../providers/port.ts";
import type { TransactionStore } from "../store/port.ts";
import type { Acceptance } from "./accept.ts";
import type { ConnectionBook } from "./connection-book.ts";
import type { Clock } from "./dependencies.ts";
import type { Answer, Call } from "./endpoint.ts";
import { shortened } from "./input.ts";
import { presentTransaction } from "./present.ts";

const valueMessage = `must be a whole number of minor units from 1 to ${amountMinorMax} (19.99 USD is 1999)`;

/** `{value, currency}` in minor units. */
export const AmountInput = z.pipe(
  z.strictObject({
    value: z
      .number(valueMessage)
      .check(z.refine((value) => Number.isSafeInteger(value) && value >= 1 && value <= amountMinorMax, valueMessage)),
    currency: z
      .string("must be an ISO 4217 code in capitals, such as USD")
      .check(z.refine(isCurrency, "must be an active ISO 4217 code in capitals, such as USD")),
  }),
  z.transform((amount) => amount as Amount),
);

export const ConnectionInput = z.string("is required: the id of a connection").check(z.minLength(1));

export const DescriptionInput = z
  .string("must be text")
  .check(z.minLength(1, "must not be empty"), z.maxLength(200, "must have at most 200 characters"));

/** Up to 20 pairs of short texts; stored with the transaction and never sent to a provider. */
export const MetadataInput = z
  .record(
    // DynamoDB takes no empty attribute name, nested ones included.
    z
      .string()
      .check(z.minLength(1, "a key must not be empty"), z.maxLength(40, "a key must have at most 40 characters")),
    z.string("must be text").check(z.maxLength(200, "must have at most 200 characters")),
  )
  .check(z.refine((pairs) => Object.keys(pairs).length <= 20, "must have at most 20 keys"));

/** The longest a call waits for the outcome: a gateway answers within 30 s. */
const waitSecondsMax = 25;

/** Waits between looks at the transaction: the first ones short, for a fast provider. */
const lookMs = [50, 100, 150, 250, 400] as const;

/** Answers with the transaction: at once, or with `Prefer: wait=N` when it is finished, if that is in time. */
export async function answerWith(
  { transaction, replayed }: Acceptance,
  call: Call,
  { transactions, now, sleep }: Clock & { readonly transactions: TransactionStore },
): Promise<Answer> {
  const seconds = preferredWait(call.headers["prefer"]);
  const until = now().getTime() + (seconds ?? 0) * 1000;
  let current = transaction;
  for (let look = 0; seconds !== undefined && !isDecided(current); look++) {
    const pauseMs = Math.min(lookMs[look] ?? 500, until - now().getTime());
    if (pauseMs <= 0) break;
    await sleep(pauseMs);
    current = (await transactions.get(current.id, "eventual")) ?? current;
  }
  return {
    status: seconds !== undefined && isDecided(current) ? 201 : 202,
    body: presentTransaction(current),
    headers: {
      location: `/v1/transactions/${current.id}`,
      ...(replayed && { "idempotent-replayed": "true" }),
      ...(seconds !== undefined && { "preference-applied": `wait=${seconds}` }),
    },
    transactionId: current.id,
  };
}

/** Waiting on for an operator would be in vain. */
function isDecided({ status }: Transaction): boolean {
  return isFinal(status) || status === "needs_review";
}

/** N of `Prefer: wait=N`, at most 25. An unreadable preference is ignored, as RFC 7240 asks. */
function preferredWait(header: string | undefined): number | undefined {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])/i.exec(header ?? "")?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), waitSecondsMax);
}

/**
 * The connection and its calls for a kind.
 * @throws VisibleError unknown_connection, unsupported_operation
 */
export async function connectionFor<Of extends Kind>(
  kind: Of,
  id: string,
  tenant: string,
  connections: ConnectionBook,
): Promise<{ connection: ConfiguredConnection; calls: NonNullable<Connector[Of]> }> {
  const connection = await connections.find(id, tenant);
  if (!connection) {
    throw new VisibleError(
      "unknown_connection",
      `There is no connection "${shortened(id)}" that can be used. GET /v1/health lists what is configured, and what is wrong.`,
    );
  }
  const calls = connection.connector[kind];
  if (!calls) throw new VisibleError("unsupported_operation", `The connection "${id}" takes no ${kind}s.`);
  return { connection, calls };
}
