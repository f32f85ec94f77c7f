/** The rows that a batch takes, a schema for each kind: its code looks at them one by one, so the calls' own schemas say nothing of them. */
import { kinds } from "../lib/domain/transaction.ts";
import { CashbackRow, RefundRow, SpendbackRow } from "../lib/lambda/batch-row.ts";
import { type FieldTexts, type Json, withTexts } from "./field-texts.ts";
import { keyRule, moneyTexts } from "./money-texts.ts";
import { inputSchema } from "./schemas.ts";

const rows = { spendback: SpendbackRow, refund: RefundRow, cashback: CashbackRow } as const;

const names = { spendback: "SpendbackRow", refund: "RefundRow", cashback: "CashbackRow" } as const;

const texts: FieldTexts = {
  ...moneyTexts,
  key: {
    description:
      "The row's idempotency key: the same as the `Idempotency-Key` of its kind's own call. Each row of a kind needs its own.",
    ...keyRule,
  },
  payout: "In a batch it is `now`, said or not.",
};

/** By name. */
export function rowSchemas(): Json {
  return Object.fromEntries(kinds.map((kind) => [names[kind], rowSchema(kind)]));
}

function rowSchema(kind: keyof typeof rows): Json {
  const { properties, required, ...schema } = withTexts(inputSchema(rows[kind]), texts);
  return {
    ...schema,
    properties: { kind: { const: kind }, ...(properties as Json) },
    required: ["kind", ...(required as readonly string[])],
    description: `A row of a batch: the body of \`POST /v1/${kind}s\`, with its kind and its key.`,
  };
}

/** What a call's list of rows says of itself. */
export const rowsText: Json = {
  description: "The rows. One that is wrong refuses the whole call, and every wrong field is named with its row.",
  items: { oneOf: kinds.map((kind) => ({ $ref: `#/components/schemas/${names[kind]}` })) },
};
