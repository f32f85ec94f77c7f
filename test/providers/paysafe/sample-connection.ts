/** A Paysafe connection for the tests, with the account that the sandbox knows, and orders for it. */
import { amountOf } from "../../../lib/domain/money.ts";
import type { Exchange, HttpClient } from "../../../lib/providers/http.ts";
import { paysafe } from "../../../lib/providers/paysafe/provider.ts";
import type { Connector, RefundOrder, WebhookCalls } from "../../../lib/providers/port.ts";
import { connectorOf } from "../connector-of.ts";

export interface ConnectionOptions {
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly accountId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly currency?: string;
  readonly webhookSecret?: string;
}

/** What Paysafe's connector has, and must have. */
type Ready = Required<Pick<Connector, "balance" | "refund">>;

/** The connector of a connection, made the way the configuration makes it. */
export function connect(http: HttpClient, options: ConnectionOptions = {}): Ready {
  const connector = connectorOf(paysafe, entryOf(options), http);
  const { balance, refund } = connector;
  if (!balance || !refund) throw new Error("a call is missing");
  return { balance, refund };
}

function entryOf(options: ConnectionOptions): object {
  return {
    id: "paysafe",
    provider: "paysafe",
    baseUrl: "http://provider.invalid",
    accountId: "89987201",
    username: "moneyback",
    password: "sandbox-password",
    currency: "USD",
    ...options,
  };
}

/** Its webhooks, read at a time of the test's own. */
export function webhooksOf(options: ConnectionOptions, now: Date): WebhookCalls {
  const { webhooks } = connectorOf(paysafe, entryOf(options), nobody, () => now);
  if (!webhooks) throw new Error("there are no webhooks");
  return webhooks;
}

const nobody: HttpClient = () => Promise.reject(new Error("the provider was called"));

/** A connector to whom every call brings the same. */
export function connectTo(exchange: Exchange, options: ConnectionOptions = {}) {
  return connect(() => Promise.resolve(exchange), options);
}

/** The first attempt of 100.98 USD of a settlement, unless told otherwise. */
export function orderOf(changes: Partial<RefundOrder> = {}): RefundOrder {
  return {
    reference: "txn_01jf8z3k5w9q7r2m4n6p8s0t1v",
    createdAt: new Date(),
    amount: amountOf(10_098, "USD"),
    original: "stl-10098",
    account: {},
    splits: [],
    attempt: 1,
    ...changes,
  };
}

/** The seed's two shares, with their final amounts. */
export const seedSplits = [
  { linkedAccount: "1001391850", percent: "5.75", amount: 581 },
  { linkedAccount: "1001391860", amount: 500 },
];

/** The order behind the seed's sample. */
export const seedOrder = (changes: Partial<RefundOrder> = {}) =>
  orderOf({
    reference: "merchantRef_003",
    original: "280e3b80-1beb-424a-9cb3-5ef7444112f9",
    splits: seedSplits,
    ...changes,
  });

/** The seed's answer as printed, line breaks included. */
export const seedAnswer = `{
"links":[
{
"rel":"self",
"href":"https://api.test.paysafe.com/cardpayments/v1/accounts/89987201/refunds/ebf6ae3d-88e1-40da-9b98-81044467345b"
}
],
"id":"ebf6ae3d-88e1-40da-9b98-81044467345b",
"merchantRefNum":"merchantRef_003",
"txnTime":"2017-05-01T14:52:35Z",
"status": "PENDING",
"acquirerResponse": {
"code": "DJN",
"terminalId": "12345678",
"batchNumber": "001",
"seqNumber": "151",
"effectiveDate": "170728"
},
"amount": 10098,
"splitpay": [
{
"linkedAccount": "1001391850",
"percent": 5.75,
"amount": 581
},
{
"linkedAccount": "1001391860",
"amount": 500
}
]
}`;
