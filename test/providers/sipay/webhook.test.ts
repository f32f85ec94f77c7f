/** Sipay's webhooks: always a stranger's word, with or without a secret. */
import { describe, expect, test } from "vitest";
import { deliveryOf, hostileSuite, reference, signedAt } from "../webhook-suite.ts";
import { webhooksOf } from "./sample-connection.ts";

/** After the documents' bank-transfer and top-up samples; the second is not JSON, as one of theirs. */
const transfer = `{"ext_transaction_id":"${reference}","transaction_id":1893718392783728640,"response_status":0}`;
const topUp = `{"id": 1893718392783728640, "wallet_id": 00000001123456, "tx_description": "${reference}"}`;
const withdrawal = '{"ext_transaction_id":"order-17","transaction_id":1893718392783728640}';

describe.each([
  ["without a secret", {}],
  ["with a secret, which nothing can be checked with", { webhookSecret: "sipay-webhook-secret" }],
])("%s", (_, options) => {
  const read = (body: string) => webhooksOf(options, signedAt).read(deliveryOf(body, { "x-signature": "right" }));

  test.each([transfer, topUp])("a delivery is unsigned, and names our reference: %s", (body) => {
    expect(read(body)).toStrictEqual({
      kind: "unsigned",
      hint: { references: [reference], providerTransactionIds: [] },
    });
  });

  test("a delivery about another's order names nothing", () => {
    expect(read(withdrawal)).toStrictEqual({ kind: "unsigned", hint: { references: [], providerTransactionIds: [] } });
  });
});

describe("a hostile delivery", () => {
  hostileSuite(["x-signature"], () => [webhooksOf({}, signedAt)]);
});
