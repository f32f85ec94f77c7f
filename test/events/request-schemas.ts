/** The JSON Schemas of the events that may be sent: made from what the code takes, with what its refinements say beside it. */
import { toJSONSchema } from "zod";
import { CashbackRequested, RefundRequested, SpendbackRequested } from "../../lib/lambda/event-request.ts";
import { type FieldTexts, type Json, withTexts } from "../../openapi/field-texts.ts";
import { keyRule, moneyTexts } from "../../openapi/money-texts.ts";

/** An event has the fields of its call's body, and these. */
const texts: FieldTexts = {
  ...moneyTexts,
  tenant: "The tenant whose money moves. The event's source must be allowed to act for it.",
  key: {
    description:
      "The idempotency key, the same as the Idempotency-Key header of the HTTP call of this kind. Absent: the event's id, which another PutEvents of the same wish does not have.",
    ...keyRule,
  },
};

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
  const { $schema, ...made } = toJSONSchema(schema, { io: "input" });
  return { $schema, $id: `urn:moneyback:event:${detailType}:1`, title, ...withTexts(made, texts) };
}
