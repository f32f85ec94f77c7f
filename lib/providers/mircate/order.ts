/** What a refund looks like at Mircate, and what it must name before anything is recorded or sent. */
import { isCurrency } from "../../domain/currencies.ts";
import type { FieldError } from "../../domain/errors.ts";
import type { RefundAccount } from "../../domain/transaction.ts";
import { exactNumber } from "../exact-json.ts";
import type { RefundDraft, RefundOrder } from "../port.ts";
import { type AmountUnit, toWireDigits, unitSize } from "./amounts.ts";

/** What is wrong with a refund. */
export function checkDraft(draft: RefundDraft, unit: AmountUnit, currency?: string): FieldError[] {
  return [
    ...checkAccount(draft),
    ...checkAmount(draft, unit),
    ...checkCurrency(draft, currency),
    ...checkSplits(draft),
  ];
}

/** "Either accountNumber or walletId and currency are required" (Refund page, read 2026-11). What both would mean is not said. */
function checkAccount({ account, amount }: RefundDraft): FieldError[] {
  const { accountNumber, walletId, currency } = account;
  const errors: FieldError[] = [];
  if (!accountNumber && !walletId) {
    errors.push({
      path: "account.accountNumber",
      message: "is required by Mircate, or account.walletId with account.currency in its place",
    });
  }
  if (accountNumber && walletId) {
    errors.push({ path: "account.walletId", message: "must not stand beside account.accountNumber" });
  }
  if (!accountNumber && walletId && !currency) {
    errors.push({ path: "account.currency", message: "is required by Mircate beside account.walletId" });
  }
  if (currency && !isCurrency(currency)) {
    errors.push({ path: "account.currency", message: "must be an active ISO 4217 code in capitals, such as TRY" });
  } else if (currency && amount && currency !== amount.currency) {
    errors.push({ path: "account.currency", message: `must be ${amount.currency}, as the amount is` });
  }
  return errors;
}

function checkAmount({ amount }: RefundDraft, unit: AmountUnit): FieldError[] {
  if (!amount) return [];
  const { value, currency } = amount;
  if (value < 1) return [{ path: "amount.value", message: "must be at least 1" }];
  if (toWireDigits(amount, unit) !== undefined) return [];
  const size = unitSize(currency, unit);
  const message = `must be a multiple of ${size}: this connection moves whole ${currency} only`;
  return [{ path: "amount.value", message }];
}

/** Mircate's rows and answers carry no currency: a wrong one would never be noticed there. */
function checkCurrency({ account, amount }: RefundDraft, connectionCurrency: string | undefined): FieldError[] {
  if (!amount || account.currency || !connectionCurrency || amount.currency === connectionCurrency) return [];
  const message = `must be ${connectionCurrency}, the connection's currency; an account in another one is named with account.currency`;
  return [{ path: "amount.currency", message }];
}

function checkSplits({ splits }: RefundDraft): FieldError[] {
  return splits.length > 0 ? [{ path: "splits", message: "must be absent: Mircate knows no linked accounts" }] : [];
}

/** How calls name the account; a currency beside an account number is ours alone. */
export function selectorOf({ accountNumber, walletId, currency }: RefundAccount) {
  return accountNumber ? { accountNumber } : { walletId, currency };
}

/** What only one refund may be in flight for. */
export function turnOf({ account }: RefundOrder): string {
  return JSON.stringify(selectorOf(account));
}

/**
 * The body of a refund, or undefined for an amount that cannot be written. The amount always stands there: without it
 * Mircate returns all of the original, which is another sum the second time. There is no field for our reference.
 */
export function refundBody({ original, amount, account }: RefundOrder, unit: AmountUnit): string | undefined {
  const digits = toWireDigits(amount, unit);
  if (digits === undefined || amount.value < 1) return undefined;
  return JSON.stringify({ transactionId: original, amount: exactNumber(digits), ...selectorOf(account) });
}
