/** Mircate's switches: one for each place where its documents are silent (contract, section 13). */

import type { SwitchSpec } from "../switches.ts";

export const switches: Readonly<Record<string, SwitchSpec>> = {
  "amount-unit": {
    about: "What whole numbers on the wire count: minor units, or major ones.",
    initial: "minor",
    words: ["minor", "major"],
  },
  signs: {
    about: "Which rows have negative amounts.",
    initial: "positive",
    words: ["positive", "spent-negative", "refunded-negative"],
  },
  "over-refund": {
    about:
      "A refund above what is left of the original: HTTP 400 in words of its own, 400 VALIDATION, 404, or carried out.",
    initial: "reject",
    words: ["reject", "validation", "404", "accept"],
  },
  "full-after-partial": {
    about: "A refund without an amount after a partial one returns what is left, the whole original, or is refused.",
    initial: "remainder",
    words: ["remainder", "whole", "reject"],
  },
  "refund-status": {
    about:
      "The HTTP status of refunds that were carried out: on this platform changes stay where a method answers 400.",
    initial: 200,
    integers: [200, 599],
  },
  "refund-answer": {
    about: "A refund's answer has every member, lacks the original, lacks the refund's id, or is an empty object.",
    initial: "full",
    words: ["full", "no-original", "no-id", "empty"],
  },
  "duplicate-reference": {
    about: "A spend with a referenceId that was used before moves money again, or is refused.",
    initial: "accept",
    words: ["accept", "reject"],
  },
  "row-original": {
    about: "Whether a listed refund shows its refundedTransactionId, which the list's page does not name.",
    initial: "hidden",
    words: ["hidden", "shown"],
  },
  "row-reference": {
    about: "Whether a listed spend shows its referenceId, which the list's page does not name.",
    initial: "hidden",
    words: ["hidden", "shown"],
  },
  "row-type": {
    about: "The type that lists say of refunds. `ledger`: REFUNDED.",
    initial: "ledger",
    anyText: true,
  },
  "created-at": {
    about:
      "How createdAt is written: ISO 8601 with milliseconds, with seconds, local time without a zone, milliseconds.",
    initial: "iso",
    words: ["iso", "seconds", "local", "epoch"],
  },
  "list-lag-ms": {
    about: "How long a list does not show what has just moved.",
    initial: 0,
    integers: [0, 600_000],
  },
  "list-order": { about: "The order of rows.", initial: "newest", words: ["newest", "oldest"] },
  "list-from": {
    about: "What `from` counts: rows, or pages.",
    initial: "rows",
    words: ["rows", "pages"],
  },
  "page-size-max": { about: "The most rows on a page.", initial: 100, integers: [1, 1_000] },
  filters: { about: "Whether lists obey their filters.", initial: "obeyed", words: ["obeyed", "ignored"] },
  "search-columns": {
    about: "What filters[].search searches: ids, descriptions and channels, or nothing at all.",
    initial: "ids",
    words: ["ids", "texts", "ignored"],
  },
  "empty-list": { about: "A list without a row: none, or 404.", initial: "rows", words: ["rows", "404"] },
  "unknown-account": {
    about: "The list of an account that nobody has: 404, or no rows.",
    initial: "404",
    words: ["404", "empty"],
  },
  busy: {
    about: "Writes answer 570, not carried out: all of them, or those within so many ms of another write.",
    initial: "off",
    words: ["off", "on"],
    integers: [1, 60_000],
  },
  "retry-after": {
    about: "The Retry-After of a 429, in seconds.",
    initial: "off",
    integers: [0, 3_600],
  },
  "error-body": {
    about: "The body of 403, 404 and of 400s that are no refused validation.",
    initial: "json",
    words: ["json", "text", "empty"],
  },
};
