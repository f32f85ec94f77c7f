/** What Paysafe's answers about refunds mean. The table behind it is MAPPING.md. */
import {
  type Declined,
  type Finding,
  failureMessages,
  type Outcome,
  type Recorded,
  type Unknown,
  unknown,
} from "../../domain/outcome.ts";
import type { Cancellation, RefundOrder } from "../port.ts";
import { missingCodes, verdictOn } from "./errors.ts";
import { differenceFrom, isFailed } from "./match.ts";
import { parseBody, Refund } from "./wire.ts";

/** What the answer to a refund's POST says. */
export function outcomeOfSubmission(status: number, text: string, order: RefundOrder): Outcome {
  if (status === 429) return { kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" };
  const body = parseBody(Refund, text);
  if (status >= 200 && status < 300) {
    if (!body) return unknown(`HTTP ${status} with an unreadable body`);
    if (body.error && body.status !== "FAILED") return unknown(`HTTP ${status} with the error ${body.error.code}`);
    // Lookups must name the reference; the answer on the refund's own connection need not repeat it.
    const difference = differenceFrom(order, { ...body, merchantRefNum: body.merchantRefNum ?? order.reference });
    return difference ? unknown(`the answer has ${difference}`) : outcomeOfRefund(body, order);
  }
  const code = body?.error?.code;
  const detail = code ? `HTTP ${status}, code ${code}` : `HTTP ${status}`;
  if (status < 400 || status >= 500) return unknown(detail);
  if (status === 409) return unknown(`${detail}: the reference is taken, perhaps by an earlier attempt`);
  if (body && contradicts(body, order)) return unknown(`${detail}, with a refund that says otherwise`);

  const verdict = verdictOn(code, order.splits.length > 0);
  switch (verdict.kind) {
    case "declined":
      return declined(verdict.code, body);
    case "declined-if-first":
      return isFirst(order)
        ? declined(verdict.code, body)
        : unknown(`${detail}, perhaps because of an earlier attempt`);
    case "duplicate":
      return unknown(`${detail}: taken, perhaps by an earlier attempt`);
    case "session-rejected":
      return keyRefused(body, detail);
    case "rate-limited":
      return unknown(`${detail}: the code of 429`);
    case "unknown":
      return status === 401 || status === 403 ? keyRefused(body, detail) : unknown(detail);
  }
}

/** What a refund says about itself. Finality of COMPLETED, FAILED and CANCELLED is our inference from their descriptions. */
function outcomeOfRefund(refund: Refund, order: RefundOrder): Recorded {
  const { id, status, error } = refund;
  const named = id ? { providerTransactionId: id } : {};
  if (isFailed(refund)) return outcomeOfFailure(refund, order);
  if (error && status !== "CANCELLED") return unknown(`status ${status ?? "(none)"} with the error ${error.code}`);
  switch (status) {
    case "COMPLETED":
      return { kind: "settled", detail: status, ...named };
    case "RECEIVED":
    case "PENDING":
    case "PROCESSING":
      return { kind: "accepted", detail: status, ...named };
    case "CANCELLED":
      return { kind: "canceled", detail: status };
    default:
      return unknown(`unheard-of status ${status ?? "(none)"}`);
  }
}

/** What the refunds found under our reference, or one found by its id, say. */
export function findingOf(refunds: readonly Refund[], order: RefundOrder): Finding {
  // An attempt that was refused as a duplicate may be listed beside the one that it repeats; it moved nothing.
  const moving = refunds.filter((refund) => !isFailed(refund) && refund.status !== "CANCELLED");
  const [refund = refunds.at(-1)] = moving;
  if (!refund) return { kind: "nothing" };
  if (moving.length > 1) return { kind: "duplicate", detail: `${moving.length} refunds carry this reference` };
  const difference = differenceFrom(order, refund);
  if (difference) return { kind: "contradiction", detail: `found with ${difference}` };
  return { kind: "found", outcome: outcomeOfRefund(refund, order) };
}

/** What the answer to a cancellation's PUT says. */
export function cancellationOf(status: number, text: string): Cancellation {
  const body = parseBody(Refund, text);
  const code = body?.error?.code;
  const detail = code ? `HTTP ${status}, code ${code}` : `HTTP ${status}`;
  if (status >= 200 && status < 300 && body && !body.error) {
    if (body.status === "CANCELLED") return { kind: "canceled", detail: body.status };
    return { kind: "unknown", detail: `status ${body.status ?? "(none)"}` };
  }
  if (status >= 400 && status < 500 && code) {
    // 3415: no longer pending; 3414: no such refund.
    if (code === "3415" || missingCodes.has(code)) return { kind: "refused", detail };
    if (verdictOn(code, false).kind === "session-rejected") return { kind: "session-rejected", detail };
  } else if (status === 401 || status === 403) return { kind: "session-rejected", detail };
  return { kind: "unknown", detail };
}

/**
 * A failed refund of ours. On a later attempt some failures may be the trace of an earlier attempt that did move money and is
 * not listed yet.
 */
function outcomeOfFailure(refund: Refund, order: RefundOrder): Declined | Unknown {
  const code = refund.error?.code;
  const verdict = verdictOn(code, order.splits.length > 0);
  const inDoubt = unknown(`failed with the code ${code}, perhaps because of an earlier attempt`);
  switch (verdict.kind) {
    case "declined":
      return declined(verdict.code, refund);
    case "declined-if-first":
      return isFirst(order) ? declined(verdict.code, refund) : inDoubt;
    case "duplicate":
      return isFirst(order) && refund.status === "FAILED" ? declined("provider_declined", refund) : inDoubt;
    case "session-rejected":
    case "rate-limited":
    case "unknown":
      if (refund.status === "FAILED") return declined("provider_declined", refund);
      return unknown(`refused with the code ${code}, without a status`);
  }
}

/** A refused key comes before processing; an answer that names a stored refund did not. */
function keyRefused(body: Refund | undefined, detail: string): Outcome {
  return body?.id ? unknown(detail) : { kind: "not-sent", reason: "session-rejected", detail };
}

/** A refusal that shows a refund under another reference, or one that is under way. */
function contradicts(body: Refund, order: RefundOrder): boolean {
  const isOther = Boolean(body.merchantRefNum) && body.merchantRefNum !== order.reference;
  return isOther || (Boolean(body.status) && body.status !== "FAILED");
}

/** Whether nothing of this order can have been sent before. Where that is not known, something can. */
function isFirst({ attempt }: RefundOrder): boolean {
  return attempt === 1;
}

function declined(code: Declined["code"], body: Refund | undefined): Declined {
  const { code: providerCode, message } = body?.error ?? {};
  return { kind: "declined", code, message: message || failureMessages[code], ...(providerCode && { providerCode }) };
}
