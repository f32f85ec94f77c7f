/**
 * What each of Paysafe's error codes says about a refund. Codes, their HTTP statuses and texts: the official API Blueprint's
 * "Error Summary", github.com/paysafegroup/paysafe_api_cardpayments_v1, read 2026-11; what we make of them is ours (MAPPING.md).
 */
import type { FailureCode } from "../../domain/outcome.ts";

export type Verdict =
  /** In so many words: this refund does not happen. */
  | { readonly kind: "declined"; readonly code: FailureCode }
  /** Declined on the first attempt. Later it may be the trace of an earlier attempt of ours whose answer was lost. */
  | { readonly kind: "declined-if-first"; readonly code: FailureCode }
  /** The reference, or the settlement, is taken by another request, perhaps an earlier one of ours: that one decides. */
  | { readonly kind: "duplicate" }
  /** The key is refused before anything else is looked at. */
  | { readonly kind: "session-rejected" }
  /** Too many calls; nothing was looked at. */
  | { readonly kind: "rate-limited" }
  /** Says nothing about whether the money moves. */
  | { readonly kind: "unknown" };

const declined = (code: FailureCode): Verdict => ({ kind: "declined", code });
const declinedIfFirst = (code: FailureCode): Verdict => ({ kind: "declined-if-first", code });
const sessionRejected: Verdict = { kind: "session-rejected" };
const duplicate: Verdict = { kind: "duplicate" };
const unknown: Verdict = { kind: "unknown" };

const verdicts: ReadonlyMap<string, Verdict> = new Map([
  // What stands against the refund itself.
  ["3402", declinedIfFirst("refund_exceeds_remaining")],
  ["3403", declinedIfFirst("original_not_refundable")],
  ["3404", declinedIfFirst("refund_exceeds_remaining")],
  ["3405", declinedIfFirst("original_not_refundable")],
  // A settlement that was still pending for the second attempt may be settled when the first one is carried out.
  ["3406", declinedIfFirst("original_not_refundable")],
  ["3407", declined("original_not_found")],
  ["3408", declined("original_not_found")],
  ["3412", declinedIfFirst("insufficient_funds")],
  ["3413", declinedIfFirst("provider_declined")],
  ["3416", declined("provider_declined")],
  ["3418", declined("provider_declined")],
  ["3419", declined("original_not_refundable")],
  ["3421", declined("provider_declined")],
  ["3422", declined("provider_declined")],
  ["5021", declined("provider_declined")],
  // What is wrong with the request.
  ["5003", declined("provider_rejected_request")],
  ["5023", declined("provider_rejected_request")],
  ["5042", declined("provider_rejected_request")],
  ["5068", declined("provider_rejected_request")],
  ["5269", declined("original_not_found")],
  ["5271", declined("provider_rejected_request")],
  ["5272", declined("provider_rejected_request")],
  ["5273", declined("provider_rejected_request")],
  ["5281", declined("provider_rejected_request")],
  // What is wrong with the account. 5040 comes with 401, yet it is no bad key: Split Payouts are off, for one.
  ["5016", declined("account_not_found")],
  ["5017", declined("account_not_found")],
  ["5040", declined("provider_declined")],
  ["5000", sessionRejected],
  ["5270", sessionRejected],
  ["5275", sessionRejected],
  ["5276", sessionRejected],
  ["5277", sessionRejected],
  ["5278", sessionRejected],
  ["5279", sessionRejected],
  ["5280", sessionRejected],
  ["1200", { kind: "rate-limited" }],
  // Paysafe does not answer the first request again.
  ["3044", duplicate],
  ["3417", duplicate],
  ["5031", duplicate],
  // Codes of other calls (get, cancel): no answer to a refund.
  ["3414", unknown],
  ["3415", unknown],
  // Something broke, before or after.
  ["1000", unknown],
  ["1001", unknown],
  ["1002", unknown],
  ["1003", unknown],
  ["1007", unknown],
  ["1008", unknown],
  ["3420", unknown],
  ["3423", unknown],
  ["3424", unknown],
]);

/** 5040 and 5068 are what a split is refused with (contract, section 5); for a refund without splits they say something else. */
const splitCodes = new Set(["5040", "5068"]);

export function verdictOn(code: string | undefined, hasSplits: boolean): Verdict {
  if (code !== undefined && hasSplits && splitCodes.has(code)) return declined("split_rejected");
  return verdicts.get(code ?? "") ?? unknown;
}

/** Codes that say that what the path names does not exist, whatever their HTTP status. */
export const missingCodes: ReadonlySet<string> = new Set(["3407", "3408", "3414", "5269"]);
