/** The check of answers against the description finds what differs: one that found nothing would prove nothing. */
import { describe, expect, test } from "vitest";
import { balance, newEndpoint, pendingSpendback } from "../../openapi/examples/answers.ts";
import { balanceQuery, spendback } from "../../openapi/examples/requests.ts";
import { disagreements, type Exchange } from "./agreement.ts";

const json = { "content-type": "application/json", "x-request-id": "r-1" };
const problemType = { ...json, "content-type": "application/problem+json" };

const accepted: Exchange = {
  method: "POST",
  path: "/v1/spendbacks",
  sent: spendback,
  status: 202,
  headers: new Headers({ ...json, location: `/v1/transactions/${pendingSpendback.id}` }),
  body: pendingSpendback,
};
const read: Exchange = {
  method: "GET",
  path: `/v1/balances?${new URLSearchParams(balanceQuery)}`,
  status: 200,
  headers: new Headers(json),
  body: balance,
};
const refused: Exchange = {
  ...read,
  status: 404,
  headers: new Headers(problemType),
  body: { type: "t", title: "t", status: 404, detail: "d", code: "not_found", requestId: "r-1" },
};

const { currency: _currency, ...halfAnAmount } = spendback.amount;

describe("an exchange", () => {
  test.each([accepted, read, refused])("agrees with the description: %j", (exchange) => {
    expect(disagreements(exchange)).toEqual([]);
  });

  test.each<[string, Exchange, string]>([
    ["of a status that is not described", { ...accepted, status: 200 }, "the status 200 is not described"],
    [
      "without a header that is promised",
      { ...accepted, headers: new Headers(json) },
      "the header location is missing",
    ],
    [
      "with a header that is not described",
      { ...read, headers: new Headers({ ...json, location: "/" }) },
      "the header location is not described",
    ],
    [
      "with a header that says something else",
      { ...accepted, headers: new Headers({ ...json, location: "/", "idempotent-replayed": "yes" }) },
      "the header idempotent-replayed",
    ],
    ["of another content type", { ...refused, headers: new Headers(json) }, `the content type "application/json"`],
    ["with a member too many", { ...read, body: { ...balance, tenant: "acme" } }, "additional properties"],
    [
      "with a member too many, deeper down",
      { ...accepted, body: { ...pendingSpendback, log: [{ ...pendingSpendback.log[0], token: "t" }] } },
      "additional properties",
    ],
    [
      "with a member too few",
      { ...accepted, body: { ...pendingSpendback, log: undefined } },
      "required property 'log'",
    ],
    ["with a member of another type", { ...read, body: { ...balance, account: 7 } }, "/account must be string"],
    [
      "with a time that is none",
      { ...read, body: { ...balance, at: "yesterday" } },
      `/at must match format "date-time"`,
    ],
    [
      "with a problem that is another call's",
      { ...refused, body: { ...(refused.body as object), code: "not_cancelable" } },
      "/code must be equal to one of the allowed values",
    ],
    [
      "whose request was taken, though the description refuses it",
      { ...accepted, sent: { ...spendback, amount: halfAnAmount } },
      "the request was taken, but /amount must have required property 'currency'",
    ],
  ])("%s is found", (_what, exchange, text) => {
    expect(disagreements(exchange).join("\n")).toContain(text);
  });

  test("is not held against anything where there is no such call", () => {
    expect(disagreements({ ...read, path: "/v1/nothing", body: newEndpoint })).toEqual([]);
  });
});
