/** A Sipay connection for the tests, with the wallets that the sandbox knows, and orders for it. */
import { amountOf } from "../../../lib/domain/money.ts";
import type { Exchange, HttpClient } from "../../../lib/providers/http.ts";
import type { CashbackOrder, Connector, WebhookCalls } from "../../../lib/providers/port.ts";
import { sipay } from "../../../lib/providers/sipay/provider.ts";
import { connectorOf } from "../connector-of.ts";

/** The sample's sender, and the sample's receiver. */
export const merchant = { accountNumber: "0153253257047385", walletNumber: "1250386995" };
export const customer = { walletNumber: "637606074" };

export interface ConnectionOptions {
  readonly baseUrl?: string;
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scope?: string;
  readonly platformClientId?: string;
  readonly method?: string;
  readonly paidFrom?: string;
  readonly timeoutMs?: number;
  readonly webhookSecret?: string;
}

/** What Sipay's connector has, and must have. */
type Ready = Required<Pick<Connector, "authenticate" | "balance" | "cashback">>;

/** The connector of a connection, made the way the configuration makes it. */
export function connect(http: HttpClient, options: ConnectionOptions = {}): Ready {
  const connector = connectorOf(sipay, entryOf(options), http);
  const { authenticate, balance, cashback } = connector;
  if (!authenticate || !balance || !cashback) throw new Error("a call is missing");
  return { authenticate, balance, cashback };
}

function entryOf(options: ConnectionOptions): object {
  return {
    id: "sipay",
    provider: "sipay",
    baseUrl: "http://provider.invalid",
    tokenUrl: `${options.baseUrl ?? "http://provider.invalid"}/connect/token`,
    clientId: "moneyback",
    clientSecret: "sandbox-secret",
    scope: "sts_business_api",
    platformClientId: "sandbox-platform",
    senderAccountNumber: merchant.accountNumber,
    senderWalletNumber: merchant.walletNumber,
    ...options,
  };
}

/** Its webhooks, read at a time of the test's own. */
export function webhooksOf(options: ConnectionOptions, now: Date): WebhookCalls {
  const { webhooks } = connectorOf(sipay, entryOf(options), nobody, () => now);
  if (!webhooks) throw new Error("there are no webhooks");
  return webhooks;
}

const nobody: HttpClient = () => Promise.reject(new Error("the provider was called"));

/** A connector to whom every call brings the same. */
export function connectTo(exchange: Exchange, options: ConnectionOptions = {}) {
  return connect(() => Promise.resolve(exchange), options);
}

/** 2.00 TRY from the merchant's wallet to the customer's, unless told otherwise. */
export function orderOf(changes: Partial<CashbackOrder> = {}): CashbackOrder {
  return {
    reference: "txn_01jf8z3k5w9q7r2m4n6p8s0t1v",
    createdAt: new Date(),
    amount: amountOf(200, "TRY"),
    receiver: customer,
    ...changes,
  };
}

/** The seed's answer as printed, line breaks included. */
export const seedAnswer = `{
"status": 0,
"code": "100",
"message": "İşlem başarılı",
"payload": {
"transaction_id": "895193944360218541069",
"ext_transaction_id": "24413144832134321321",
"transaction_amount": 2.0,
"transaction_fee_amount": 0.000000,
"previous_amount": 0.0,
"request_id": "0",
"wallet_info": {
"id": "6256794445262550404109",
"tenant_id": "5",
"name": "",
"account_number": "0153253257047385",
"account_type": "Kurumsal",
"created_date_utc": "2022-08-09T07:02:47.0163827+00:00",
"number": "585468781092",
"phone_country_code": null,
"phone_number": null,
"email": null,
"total_balance": 163.50,
"monthly_incoming_total": 0.0,
"monthly_outgoing_total": 0.0,
"access_level_status_id": 1,
"access_level_status": "Aktif",
"payment_balance": {
"available": 3.00,
"unavailable": 0.00
},
"cash_balance": {
"available": 42.40,
"unavailable": 118.10
},
"transaction_limits": {
"max_balance": 200000.0000,
"topup_credit_limit": 199951.0000,
"topup_cash_limit": 199951.0000,
"withdrawal_limit": 200000.0000,
"payment_limit": 200000.0000,
"wallet_to_wallet_limit": 199976.5000
},
"kyc_level_status": null,
"currency_code": "TRY",
"user_kyc_info": null,
"is_topup_default": false,
"tax_number": null,
"loyalty_record_required": false
}
}
}`;
