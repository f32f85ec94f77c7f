/** What Sipay's answers mean, and what our orders look like there. The table behind it is MAPPING.md. */
import { exponentOf } from "../../domain/currencies.ts";
import type { FieldError } from "../../domain/errors.ts";
import { type Amount, type Balance, readDecimalText, sameAmount, toDecimalText } from "../../domain/money.ts";
import {
  type Declined,
  type FailureCode,
  failureMessages,
  type Outcome,
  type Reading,
  unknown,
} from "../../domain/outcome.ts";
import { exactNumber } from "../exact-json.ts";
import type { CashbackOrder, Draft } from "../port.ts";
import type { SipayConnection } from "./config.ts";
import { CashbackData, type Envelope, onlyObject, WalletData } from "./wire.ts";

/** A wallet of an account. */
export type Sender = NonNullable<CashbackOrder["sender"]>;

export function senderOf(order: Pick<CashbackOrder, "sender">, connection: SipayConnection): Sender {
  const { senderAccountNumber: accountNumber, senderWalletNumber: walletNumber } = connection;
  return order.sender ?? { accountNumber, walletNumber };
}

/** Every documented field, in the documented order; those whose values nobody documents are empty, as in the sample. */
export function cashbackBody(order: CashbackOrder, { accountNumber, walletNumber }: Sender, method: string): string {
  return JSON.stringify({
    ext_transaction_id: order.reference,
    sender_account_number: accountNumber,
    sender_wallet_number: walletNumber,
    amount: exactNumber(toDecimalText(order.amount)),
    currency_code: order.amount.currency,
    description: order.description ?? "",
    receiver_wallet_number: order.receiver.walletNumber,
    // CashBack has the same fields without these two.
    ...(method === "CashBackCredit" && { source_type: "", channel_type: "" }),
    hash_key: "",
  });
}

/** No document shows more decimals in a request, nor says how they are rounded. */
const decimalsMax = 2;

export function checkOrder(order: Draft<CashbackOrder>, sender: Sender): FieldError[] {
  const errors: FieldError[] = [];
  const require = (path: string, text: string): void => {
    if (text.trim() === "") errors.push({ path, message: "is required by Sipay" });
  };
  require("sender.accountNumber", sender.accountNumber);
  require("sender.walletNumber", sender.walletNumber);
  const receiver = order.receiver.walletNumber;
  require("receiver.walletNumber", receiver);
  if (receiver.trim() !== "" && receiver.trim() === sender.walletNumber.trim()) {
    errors.push({ path: "receiver.walletNumber", message: "must be another wallet than the sender's" });
  }
  if (exponentOf(order.amount.currency) > decimalsMax) {
    errors.push({ path: "amount.currency", message: `must have at most ${decimalsMax} decimals at Sipay` });
  }
  return errors;
}

/** Codes that say in so many words that nothing moved. Source: the error table of docs.businessapi.sipay.com.tr/en and its webhook pages, read 2026-11. */
const definiteFailures: ReadonlyMap<string, FailureCode> = new Map([
  ["300", "account_not_found"],
  ["310", "provider_declined"],
  ["311", "insufficient_funds"],
  ["361", "provider_declined"],
]);

/** The provider's words are kept up to here. */
const messageLettersMax = 500;

/** The failure that an envelope names, if it is one that leaves no doubt. */
export function definiteFailure({ status, code, message, massage }: Envelope): Declined | undefined {
  const failure = definiteFailures.get(code);
  // Status 0 is the success's: with an error's code it says both.
  if (!failure || status === "0") return undefined;
  return {
    kind: "declined",
    code: failure,
    message: (message || massage || failureMessages[failure]).slice(0, messageLettersMax),
    providerCode: code,
  };
}

export function isSuccess(envelope: Envelope | undefined): envelope is Envelope {
  return envelope?.status === "0" && envelope.code === "100";
}

/** Whether the caller was refused before anything else was looked at: RFC 6750, no document of Sipay says how. */
export function isSessionFailure(httpStatus: number, envelope: Envelope | undefined): boolean {
  return (httpStatus === 401 && !isSuccess(envelope)) || (httpStatus === 403 && !envelope);
}

/** What a cashback's answer says. Status 0 and code "100" decide, then the payload; whatever is not documented stays unknown. */
export function outcomeOfCashback(httpStatus: number, envelope: Envelope | undefined, order: CashbackOrder): Outcome {
  const { amount } = order;
  if (isSessionFailure(httpStatus, envelope)) {
    return { kind: "not-sent", reason: "session-rejected", detail: wordsOf(httpStatus, envelope) };
  }
  if (isSuccess(envelope)) {
    return httpStatus >= 200 && httpStatus < 300
      ? successOf(envelope, amount, order.reference)
      : unknown(`HTTP ${httpStatus} that calls itself a success`);
  }
  if (httpStatus === 429) return { kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" };
  if (!envelope) return unknown(`HTTP ${httpStatus} with an unreadable body`);
  const failure = httpStatus < 500 ? definiteFailure(envelope) : undefined;
  return failure ?? unknown(wordsOf(httpStatus, envelope));
}

/**
 * The answer's `ext_transaction_id` is told, not compared: the documents' only sample answers another one than was sent,
 * and it answers our own request over a connection of its own.
 */
function successOf({ payload }: Envelope, amount: Amount, reference: string): Outcome {
  const { data } = CashbackData.safeParse(onlyObject(payload));
  if (!data) return unknown("a success without readable payload");
  const currency = data.wallet_info?.currency_code ?? amount.currency;
  if (!isAmount(data.transaction_amount, currency, amount)) {
    return unknown(`the answer names another amount: ${data.transaction_amount} ${currency}`);
  }
  const echo = data.ext_transaction_id;
  const other = echo && echo !== reference ? `, answered with the ext_transaction_id ${echo.slice(0, 50)}` : "";
  return { kind: "settled", detail: `code 100${other}`, providerTransactionId: data.transaction_id };
}

/** The figure that must cover an order, in the currency asked for. */
export function balanceOf(payload: unknown, currency: string, from: SipayConnection["paidFrom"]): Reading<Balance> {
  const { data } = WalletData.safeParse(onlyObject(payload));
  if (!data) return { kind: "unavailable", detail: "a wallet that cannot be read" };
  const { currency_code: named, cash_balance, payment_balance } = data.wallet_info;
  if (named.toUpperCase() !== currency) {
    const message = `The wallet is kept in ${named.slice(0, 10)}, not in ${currency}.`;
    return { kind: "refused", code: "currency_mismatch", message };
  }
  const { available } = from === "cash" ? cash_balance : payment_balance;
  const value = readDecimalText(wholeMinorUnits(available, currency), currency);
  return value ? { kind: "read", value } : { kind: "unavailable", detail: "a balance that cannot be read" };
}

/** Balances come with up to six decimals; what lies below the minor unit covers nothing. */
function wholeMinorUnits(digits: string, currency: string): string {
  const [whole = "", fraction = ""] = /^-?\d+\.\d+$/.test(digits) ? digits.split(".") : [digits];
  const kept = fraction.slice(0, exponentOf(currency));
  return kept ? `${whole}.${kept}` : whole;
}

/** Whether digits of any scale are exactly this amount: 2.0, 2.00 and 2.000000 are the same. */
export function isAmount(digits: string, currency: string, amount: Amount): boolean {
  if (currency.toUpperCase() !== amount.currency) return false;
  const read = readDecimalText(digits, amount.currency);
  return read !== undefined && sameAmount(read, amount);
}

export function wordsOf(httpStatus: number, envelope: Envelope | undefined): string {
  return envelope ? `HTTP ${httpStatus}, status ${envelope.status}, code ${envelope.code}` : `HTTP ${httpStatus}`;
}
