/** What several providers' webhooks need: our references in a body, signatures compared, and whether a time is lately. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { WebhookHint } from "./port.ts";

/** Webhooks are a few kilobytes. What lies beyond is signed like the rest, but not searched: anybody may send it. */
const searchedBytesMax = 262_144;

/** A webhook is about one movement. More references than these are no hint, but a way to make us ask a lot. */
const referencesMax = 10;

/** As ids.ts derives them. What comes before may be an escape, such as the `n` of `\n`; a longer word is no id. */
const transactionIds = /txn_[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])/g;

/** The distinct transaction ids in a text, in the order in which they stand there; ten at most. */
export function referencesIn(text: string): readonly string[] {
  const found = new Set<string>();
  for (const [id] of text.matchAll(transactionIds)) {
    found.add(id);
    if (found.size === referencesMax) break;
  }
  return [...found];
}

/** What is read of a body. Bytes that are no UTF-8 become replacement characters, and an over-long one breaks off. */
export function textOf(body: Buffer): string {
  return body.subarray(0, searchedBytesMax).toString("utf8");
}

/** The hint of a body that names our reference somewhere, whatever its form: many bodies are documented nowhere, one is no JSON. */
export function hintOf(body: Buffer): WebhookHint {
  return { references: referencesIn(textOf(body)), providerTransactionIds: [] };
}

/** Whether two signatures are the same text. The time it takes tells nothing of where they differ, nor of their lengths. */
export function isSameSignature(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

/** The one value of a header that may have come twice: a gateway joins both with a comma. Undefined where they differ, or there is none. */
export function soleValue(header: string | undefined): string | undefined {
  const [value, ...others] = new Set((header ?? "").split(",").map((each) => each.trim()));
  return others.length === 0 && value ? value : undefined;
}

/** A delivery that was on its way for longer is told apart from a replayed one by nothing. It is only a hint: lookups go on without it. */
const windowMs = 5 * 60_000;

/** Whether a time lies within five minutes of now, on either side. False for what is no time. */
export function isLately(time: string, now: Date): boolean {
  return Math.abs(millisecondsOf(time) - now.getTime()) <= windowMs;
}

/** Seconds have ten digits until the year 2286, milliseconds thirteen since 2001. ISO text without a zone is taken for UTC. */
function millisecondsOf(time: string): number {
  if (/^\d{10}$/.test(time)) return Number(time) * 1_000;
  if (/^\d{13}$/.test(time)) return Number(time);
  const [, moment, zone] = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)?$/.exec(time) ?? [];
  return moment === undefined ? Number.NaN : Date.parse(moment.replace(" ", "T") + (zone ?? "Z"));
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
