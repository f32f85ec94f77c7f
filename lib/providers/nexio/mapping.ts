/** What Nexio's answers mean. The table behind it is MAPPING.md. */
import { readDecimalText, sameAmount } from "../../domain/money.ts";
import {
  type Declined,
  type FailureCode,
  type Finding,
  failureMessages,
  type Outcome,
  type Recorded,
  unknown,
} from "../../domain/outcome.ts";
import type { Order, RefundOrder, SpendbackOrder } from "../port.ts";
import { Failure, parseAs, RefundRecord, SpendbackRecord } from "./wire.ts";

/** What the answer to a spendback says. A record counts only if it is ours. */
export function outcomeOfSpendback(status: number, text: string, order: SpendbackOrder): Outcome {
  if (!isSuccess(status)) return outcomeOfFailure(status, text, "recipient_not_found");
  const record = parseAs(SpendbackRecord, text);
  if (!record) return unknown(`HTTP ${status} without a readable record`);
  const difference = differenceFrom(record, order);
  return difference ? unknown(`the answer is about ${difference}`) : outcomeOfRecord(record.spendbackStatus, record.id);
}

/**
 * What the answer to a refund says. It counts only under our own reference: under the original's it could be the
 * original's record, whose "completed" is older than the refund.
 */
export function outcomeOfRefund(status: number, text: string, order: RefundOrder): Outcome {
  if (!isSuccess(status)) return outcomeOfFailure(status, text, "original_not_found");
  const record = parseAs(RefundRecord, text);
  if (!record) return unknown(`HTTP ${status} without a readable record`);
  if (record.spendbackRef !== order.reference) return unknown("the answer is about another reference");
  if (!isAmount(record.amount, record.currency ?? order.amount.currency, order)) {
    return unknown("the answer is about another amount");
  }
  const ownId = [record.id, record.spendbackId].find((id) => id && id !== order.original);
  return outcomeOfRecord(record.spendbackStatus, ownId ?? undefined);
}

/** What a record found for a spendback says. */
export function findingOf(record: SpendbackRecord, order: SpendbackOrder): Finding {
  const difference = differenceFrom(record, order);
  if (difference) return { kind: "contradiction", detail: `found with ${difference}` };
  return { kind: "found", outcome: outcomeOfRecord(record.spendbackStatus, record.id) };
}

/** What a row under a refund's reference says. Only the refund can have carried it, unless the row is the original. */
export function findingOfRefund(record: SpendbackRecord, order: RefundOrder): Finding {
  if (record.id === order.original) return { kind: "contradiction", detail: "the original carries our reference" };
  if (!isAmount(record.amount, record.currency, order)) {
    return { kind: "contradiction", detail: `found with another amount: ${record.amount} ${record.currency}` };
  }
  return { kind: "found", outcome: outcomeOfRecord(record.spendbackStatus, record.id) };
}

/** `spendbackStatus`. Source: docs/constant-payouts-values, read 2026-11: "commonly used", so there may be others. */
function outcomeOfRecord(status: string, id: string | undefined): Recorded {
  const known = id === undefined ? {} : { providerTransactionId: id };
  switch (status) {
    case "10":
      return { kind: "accepted", detail: "status 10, pending", ...known };
    case "20":
      return { kind: "settled", detail: "status 20, completed", ...known };
    case "30":
      return { kind: "accepted", detail: "status 30, review", ...known };
    case "40":
      return declined("expired_at_provider", "40");
    case "50":
      return { kind: "canceled", detail: "status 50, canceled" };
    case "90":
      // `providerResponse` has the reason, in a shape that is not documented: it may hold personal data.
      return declined("provider_declined", "90");
    default:
      return unknown(`unheard-of status ${status.slice(0, 20)}`);
  }
}

/** An answer other than 2xx. Source of the codes: docs/common-errors and docs/handling-gateway-declines, read 2026-11. */
function outcomeOfFailure(status: number, text: string, notFound: FailureCode): Outcome {
  if (status === 401 || status === 403) {
    return { kind: "not-sent", reason: "session-rejected", detail: `HTTP ${status}` };
  }
  if (status === 429) return { kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" };
  const failure = parseAs(Failure, text);
  if (!failure) return unknown(`HTTP ${status} without a readable failure`);
  const { error, message } = failure;
  // 408 is the provider's own timeout, inside an HTTP 400; what is no 4xx answer or code is no validation answer either.
  if (!isRefusal(status) || !isRefusal(Number(error)) || status === 408 || error === "408") {
    return unknown(`HTTP ${status}, error ${error}`);
  }
  return declined(failureCodeOf(status, failure, notFound), error, message);
}

function failureCodeOf(status: number, { error, message }: Failure, notFound: FailureCode): FailureCode {
  if (error === "435") return /insufficient funds/i.test(message) ? "insufficient_funds" : "provider_declined";
  return status === 404 || error === "404" ? notFound : "provider_rejected_request";
}

/** Whether a body says in Nexio's words that nothing was found. */
export function isNotFound(status: number, text: string): boolean {
  return status === 404 && parseAs(Failure, text)?.error === "404";
}

/** What makes a record not the order's, or undefined where it is. An e-mail address does not come back. */
function differenceFrom(record: SpendbackRecord, order: SpendbackOrder): string | undefined {
  const { id, ref } = order.recipient;
  if (record.spendbackRef !== order.reference) return "another reference";
  if (!isAmount(record.amount, record.currency, order)) return `another amount: ${record.amount} ${record.currency}`;
  if (id !== undefined && record.recipientId !== id) return "another recipientId";
  // Where an id was sent, the ref is only the caller's second name for the same recipient.
  const isRefKnown = id === undefined || Boolean(record.recipientRef);
  if (ref !== undefined && isRefKnown && record.recipientRef !== ref) return "another recipientRef";
  return undefined;
}

function isAmount(text: string, currency: string, { amount }: Order): boolean {
  if (currency.toUpperCase() !== amount.currency) return false;
  const found = readDecimalText(text, amount.currency);
  return found !== undefined && sameAmount(found, amount);
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isRefusal(code: number): boolean {
  return code >= 400 && code < 500;
}

function declined(code: FailureCode, providerCode: string, message: string = failureMessages[code]): Declined {
  return { kind: "declined", code, message: message || failureMessages[code], providerCode };
}
