/** What Mircate's answers to a refund mean. The table behind it is MAPPING.md. */
import { type Declined, failureMessages, type Outcome, unknown } from "../../domain/outcome.ts";
import type { RefundOrder } from "../port.ts";
import { type AmountUnit, fromWireDigits } from "./amounts.ts";
import { Failure, parseBody, RefundAnswer } from "./wire.ts";

/** Non-standard: another write of the same wallet is running, this one was not carried out (Retter Rio, method types, read 2026-11). */
const busyStatus = 570;

/** Only HTTP 200 and the failures named here are a last word: on this platform changes stay even where a method answers 400 or 500. */
export function outcomeOfRefund(status: number, text: string, order: RefundOrder, unit: AmountUnit): Outcome {
  switch (status) {
    case 200:
      return outcomeOfSuccess(text, order, unit);
    case 400: {
      const failure = parseBody(Failure, text);
      return failure?.code === "VALIDATION" ? invalid(failure) : unknown("HTTP 400 that is no refused validation");
    }
    case 403:
      return { kind: "not-sent", reason: "session-rejected", detail: "HTTP 403" };
    case 404:
      return {
        kind: "declined",
        code: "original_not_found",
        message: "Mircate knows no such transaction at this account.",
        providerCode: "404",
      };
    case 429:
      return { kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" };
    case busyStatus:
      return { kind: "not-sent", reason: "busy", detail: "HTTP 570, another write is running" };
    default:
      return unknown(`HTTP ${status}`);
  }
}

/** Settled only where the answer names the refund, and says nothing that we did not ask for. */
function outcomeOfSuccess(text: string, order: RefundOrder, unit: AmountUnit): Outcome {
  const { transaction } = parseBody(RefundAnswer, text) ?? {};
  if (!transaction) return unknown("a success without a readable transaction");
  const { transactionId, type, amount, refundedTransactionId } = transaction;
  if (transactionId === order.original) return unknown("the answer names the original, not the refund");
  if (type && type !== "REFUNDED") return unknown(`the answer has the type "${type}"`);
  if (amount && fromWireDigits(amount, order.amount.currency, unit) !== order.amount.value) {
    return unknown(`the answer names another amount: ${amount} on the wire`);
  }
  if (refundedTransactionId && refundedTransactionId !== order.original) {
    return unknown("the answer names another original");
  }
  return { kind: "settled", providerTransactionId: transactionId, detail: type ?? "HTTP 200" };
}

/** The platform checks a body before the method runs, and says what it missed. */
function invalid({ message, issues }: Failure): Declined {
  const issue = issues?.[0];
  const what = [issue?.instancePath, issue?.message].filter(Boolean).join(" ");
  return {
    kind: "declined",
    code: "provider_rejected_request",
    message: [message || failureMessages.provider_rejected_request, what].filter(Boolean).join(" "),
    providerCode: "VALIDATION",
  };
}
