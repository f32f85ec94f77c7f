/** The JSON Schemas of the events that may be sent: made from what the code takes, with what its refinements say beside it. */
import { toJSONSchema } from "zod";
import { amountMinorMax } from "../../lib/domain/money.ts";
import { CashbackRequested, RefundRequested, SpendbackRequested } from "../../lib/lambda/event-request.ts";

type Json = { readonly [name: string]: unknown };

const minorUnits = { type: "integer", minimum: 1, maximum: amountMinorMax };

const amount = (description: string) => ({
  description,
  type: "object",
  properties: {
    value: { ...minorUnits, description: "Minor units: 19.99 USD is 1999, 1999 JPY is 1999, 1.234 TND is 1234." },
    currency: { type: "string", pattern: "^[A-Z]{3}$", description: "An active ISO 4217 code." },
  },
  required: ["value", "currency"],
  additionalProperties: false,
});

/** Instead of, or beside, what the code's schema says of a field: a function says what a refinement says, which has no other form. */
const fields: Readonly<Record<string, (made: Json) => Json>> = {
  tenant: (made) => ({
    description: "The tenant whose money moves. The event's source must be allowed to act for it.",
    ...made,
  }),
  key: () => ({
    description:
      "The idempotency key, the same as the Idempotency-Key header of the HTTP call of this kind. Absent: the event's id, which another PutEvents of the same wish does not have.",
    type: "string",
    minLength: 1,
    maxLength: 255,
    pattern: "^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$",
  }),
  connection: (made) => ({ description: "The id of a connection.", ...made }),
  amount: () => amount("What moves."),
  originalAmount: () => amount("What the original was; counts only where nobody else can tell."),
  original: (made) => ({ description: "The payment that returns, by the provider's id or by ours (txn_…).", ...made }),
  recipient: (made) => ({ description: "Who pays back.", ...made, minProperties: 1 }),
  metadata: (made) => ({
    description: "Stored with the transaction, never sent to a provider.",
    ...made,
    maxProperties: 20,
  }),
  splits: (made) => ({
    description: "Shares of the refund that linked accounts pay; each has a percent or an amount.",
    ...withSplits(made),
  }),
};

function withSplits(made: Json): Json {
  const items = made["items"] as Json;
  return {
    ...made,
    items: {
      ...items,
      properties: {
        ...(items["properties"] as Json),
        percent: {
          anyOf: [
            { type: "number", exclusiveMinimum: 0, maximum: 100 },
            { type: "string", pattern: "^[0-9]{1,3}(\\.[0-9]{1,2})?$" },
          ],
          description: "Above 0, at most 100, at most two decimals.",
        },
        amount: minorUnits,
      },
    },
  };
}

const requests = {
  "spendback.requested": {
    schema: SpendbackRequested,
    title: "A payee's wallet pays the merchant: POST /v1/spendbacks as an event",
  },
  "refund.requested": { schema: RefundRequested, title: "An earlier payment returns: POST /v1/refunds as an event" },
  "cashback.requested": {
    schema: CashbackRequested,
    title: "The merchant credits a customer's wallet: POST /v1/cashbacks as an event",
  },
} as const;

/** By detail-type: the JSON Schema of the event's `detail`. */
export const requestSchemas: Readonly<Record<keyof typeof requests, Json>> = {
  "spendback.requested": schemaOf("spendback.requested"),
  "refund.requested": schemaOf("refund.requested"),
  "cashback.requested": schemaOf("cashback.requested"),
};

function schemaOf(detailType: keyof typeof requests): Json {
  const { schema, title } = requests[detailType];
  const { $schema, properties = {}, ...made } = toJSONSchema(schema, { io: "input" });
  return {
    $schema,
    $id: `urn:moneyback:event:${detailType}:1`,
    title,
    ...made,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, fields[name]?.(field as Json) ?? field]),
    ),
  };
}
