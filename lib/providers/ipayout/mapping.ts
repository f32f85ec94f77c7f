/** What i-payout's answers mean, and what our orders look like there. The table behind it is MAPPING.md. */
import { exponentOf } from "../../domain/currencies.ts";
import type { FieldError } from "../../domain/errors.ts";
import { type Balance, readDecimalText, sameAmount, toDecimalText } from "../../domain/money.ts";
import {
  type Declined,
  type FailureCode,
  type Finding,
  failureMessages,
  type Outcome,
  type Recorded,
  unknown,
} from "../../domain/outcome.ts";
import { exactNumber } from "../exact-json.ts";
import type { Draft, SpendbackOrder } from "../port.ts";
import type { IpayoutConnection } from "./config.ts";
import {
  type Envelope,
  type FoundTransaction,
  FoundTransactions,
  GuideSpendbackData,
  OpenapiSpendbackData,
} from "./wire.ts";

type Profile = IpayoutConnection["profile"];

/** The spendback body, amounts with all the currency's digits: 100.00 USD, 1999 JPY. */
export function spendbackBody(order: SpendbackOrder, profile: Profile): string {
  const amount = exactNumber(toDecimalText(order.amount));
  const { currency } = order.amount;
  if (profile === "guide") return JSON.stringify({ amount, currency, reference: order.reference });
  return JSON.stringify({
    username: order.recipient.ref,
    autoChargeAccount: true,
    checkoutItems: [
      {
        amount,
        currencyCode: currency,
        merchantReferenceId: order.reference,
        isSubscription: false,
        ...(order.description && { itemDescription: order.description }),
      },
    ],
  });
}

/** What an order lacks. The balance is read by beneficiary token; the contract body names the payer by username, too. */
export function checkOrder(order: Draft<SpendbackOrder>, profile: Profile): FieldError[] {
  const errors: FieldError[] = [];
  if (!order.recipient.id) {
    errors.push({ path: "recipient.id", message: "is required by i-payout: the beneficiary token" });
  }
  if (profile === "openapi") {
    if (!order.recipient.ref) {
      errors.push({
        path: "recipient.ref",
        message: "is required by this connection: the beneficiary's i-payout username",
      });
    }
    // The OpenAPI file's minimum for an item is 0.01, whatever the currency.
    const least = 10 ** Math.max(0, exponentOf(order.amount.currency) - 2);
    if (order.amount.value < least) {
      errors.push({ path: "amount.value", message: `must be at least ${least} (i-payout takes no less than 0.01)` });
    }
  }
  return errors;
}

/** Codes that say in so many words that nothing was debited. Source: reference/status-code-values, read 2026-11. */
const definiteFailures: Readonly<Record<string, FailureCode>> = {
  "-2": "recipient_not_found",
  "-5": "account_not_found",
  "-15": "insufficient_funds",
  "-72": "provider_rejected_request",
};

/** Codes that refuse the caller before anything else is looked at: invalid client credentials, authorization not found. */
const sessionFailures = new Set(["-7", "-71"]);

export function isSessionFailure(status: number, envelope: Envelope | undefined): boolean {
  if (status === 401 || status === 403) return true;
  return status < 500 && envelope?.issuccess === false && sessionFailures.has(envelope.statuscode ?? "");
}

/** The failure that an envelope names, if it is one that leaves no doubt. */
export function definiteFailure(code: string | undefined, text: string | null | undefined): Declined | undefined {
  const failure = definiteFailures[code ?? ""];
  if (!failure || !code) return undefined;
  return { kind: "declined", code: failure, message: text || failureMessages[failure], providerCode: code };
}

/** What a spendback's answer says. `isSuccess` decides, then the data; whatever is not documented stays unknown. */
export function outcomeOfSpendback(
  status: number,
  envelope: Envelope | undefined,
  order: SpendbackOrder,
  profile: Profile,
): Outcome {
  if (status === 429) return { kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" };
  if (isSessionFailure(status, envelope)) {
    return {
      kind: "not-sent",
      reason: "session-rejected",
      detail: `HTTP ${status} ${envelope?.statuscode ?? ""}`.trim(),
    };
  }
  if (!envelope) return unknown(`HTTP ${status} with an unreadable body`);
  if (status >= 500) return unknown(`HTTP ${status}, code ${envelope.statuscode}`);
  if (!envelope.issuccess) {
    return definiteFailure(envelope.statuscode, envelope.message) ?? unknown(`code ${envelope.statuscode}`);
  }
  if (status >= 300) return unknown(`HTTP ${status} that calls itself a success`);
  return profile === "guide" ? guideOutcome(envelope, order) : openapiOutcome(envelope);
}

function guideOutcome(envelope: Envelope, order: SpendbackOrder): Outcome {
  const { data } = GuideSpendbackData.safeParse(envelope.data);
  if (!data) return unknown("a success without readable data");
  if (!isAmount(data.amount ?? toDecimalText(order.amount), data.currency ?? order.amount.currency, order)) {
    return unknown(`the answer names another amount: ${data.amount ?? ""} ${data.currency ?? ""}`);
  }
  // "Completed" is the only status that is documented.
  if (data.status.toLowerCase() !== "completed") return unknown(`status "${data.status}"`);
  return {
    kind: "settled",
    detail: data.status,
    ...(data.transactionid && { providerTransactionId: data.transactionid }),
  };
}

/** The contract form has no status: item code 0 is an acceptance, which the lookup turns into a settlement. */
function openapiOutcome(envelope: Envelope): Outcome {
  const { data } = OpenapiSpendbackData.safeParse(envelope.data);
  const item = data?.[0];
  if (!item || data.length !== 1) return unknown("a success without exactly one item");
  if (item.m_code !== "0") {
    return definiteFailure(item.m_code, item.m_text) ?? unknown(`item code ${item.m_code}`);
  }
  return { kind: "accepted", detail: "item code 0", ...providerId(item.logtransactionid) };
}

/** What the rows found under our reference say. A row is ours only if amount, currency and party are. */
export function findingOf(data: unknown, order: SpendbackOrder): Finding | undefined {
  const parsed = FoundTransactions.safeParse(data);
  if (!parsed.success) return undefined;
  const ours = parsed.data.filter((row) => row.merchantreferenceid === order.reference);
  const [row, second] = ours;
  if (!row) return { kind: "nothing" };
  if (second) return { kind: "duplicate", detail: `${ours.length} movements carry this reference` };
  if (!isAmount(row.amount, row.currencycode, order)) {
    return { kind: "contradiction", detail: `found with another amount: ${row.amount} ${row.currencycode}` };
  }
  const { ref } = order.recipient;
  if (ref && row.fromusername && row.fromusername.toLowerCase() !== ref.toLowerCase()) {
    return { kind: "contradiction", detail: "found with another payer" };
  }
  return { kind: "found", outcome: outcomeOfStatus(row) };
}

/** Transaction status codes. Source: reference/transaction-status-code-values, read 2026-11; -100 stands in the OpenAPI file only. */
function outcomeOfStatus(row: FoundTransaction): Recorded {
  const id = providerId(row.logtransactionid);
  switch (row.transtatus) {
    case "1":
      return { kind: "settled", detail: "Settled", ...id };
    case "-1":
      return { kind: "declined", code: "provider_declined", message: "Declined", providerCode: "-1" };
    case "3":
      return { kind: "declined", code: "provider_declined", message: "Voided", providerCode: "3" };
    case "0":
      return { kind: "accepted", detail: "Pending", ...id };
    case "5":
      return { kind: "accepted", detail: "PendingToVoid", ...id };
    case "6":
      return { kind: "accepted", detail: "PendingToApprove", ...id };
    case "7":
      return { kind: "accepted", detail: "Unsent", ...id };
    case "8":
      return { kind: "accepted", detail: "Sent", ...id };
    case "10":
      return { kind: "accepted", detail: "Processing", ...id };
    case "2":
      return unknown("status 2, Unknown");
    case "4":
      // A refused void: presumably still settled, but the provider does not say so.
      return unknown("status 4, FailedVoided");
    case "9":
      return unknown("status 9, SentButNoReply");
    default:
      return unknown(`unheard-of status ${row.transtatus}`);
  }
}

/** A balance in the currency asked for, or undefined where the answer is about another or not a number. */
export function balanceOf(digits: string, named: string | undefined, currency: string): Balance | undefined {
  if (named !== undefined && named.toUpperCase() !== currency) return undefined;
  return readDecimalText(digits, currency);
}

function isAmount(digits: string, currency: string, order: SpendbackOrder): boolean {
  if (currency.toUpperCase() !== order.amount.currency) return false;
  const amount = readDecimalText(digits, order.amount.currency);
  return amount !== undefined && sameAmount(amount, order.amount);
}

/** An id of 0 was seen on success; it names nothing. */
function providerId(id: string | undefined): { providerTransactionId?: string } {
  return id !== undefined && id !== "0" ? { providerTransactionId: id } : {};
}
