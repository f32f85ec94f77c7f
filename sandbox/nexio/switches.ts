/** Nexio's switches: one for each place where its documents are silent or contradict each other (contract, section 11). */

import type { SwitchSpec } from "../switches.ts";
import { webhookSwitches } from "../webhook.ts";
import { recipeNames } from "./course.ts";

export const switches: Readonly<Record<string, SwitchSpec>> = {
  "auth-failure": { about: "The HTTP status for wrong credentials.", initial: "401", words: ["401", "403"] },
  flow: {
    about: "The statuses that spendbacks and refunds go through. The second comes at the first lookup, or after 5 s.",
    initial: "10-20",
    words: recipeNames,
  },
  status: {
    about:
      "The spendbackStatus in all answers; 20 also settles, 40, 50 and 90 also give the money back. `ledger`: the truth.",
    initial: "ledger",
    integers: [-1, 9_999],
  },
  "success-status": { about: "The HTTP status of a successful submission.", initial: 200, integers: [200, 201] },
  "mock-error": {
    about: "What the mock amount 12.34 comes to: an HTTP 400, a record with status 90, or nothing special.",
    initial: "http",
    words: ["http", "record", "off"],
  },
  "insufficient-funds": {
    about: "A spendback that the recipient cannot pay: an HTTP 400, or a record with status 90.",
    initial: "http",
    words: ["http", "record"],
  },
  "refused-listed": {
    about: "Whether records with status 90 from the very start can be found again.",
    initial: "yes",
    words: ["yes", "no"],
  },
  "gateway-timeout": {
    about: "Submissions answer HTTP 400 with code 408: after the money moved, or with nothing moved.",
    initial: "off",
    words: ["off", "moved", "not-moved"],
  },
  "duplicate-reference": {
    about: "A spendbackRef that was used before moves money again (as documented), or is refused.",
    initial: "accept",
    words: ["accept", "reject"],
  },
  "several-accounts": {
    about: "A recipientRef or e-mail with several provider accounts and no providerId: the first is debited, or none.",
    initial: "first",
    words: ["first", "refuse"],
  },
  "provider-id": {
    about: "providerId in answers as text (as in the sample) or as a number.",
    initial: "string",
    words: ["string", "number"],
  },
  "pending-in-balance": {
    about: "Whether the balance already lacks what is pending.",
    initial: "held",
    words: ["held", "not-yet"],
  },
  "unknown-balance": {
    about: "The balance of a recipientRef that nobody has: 404, or no rows.",
    initial: "404",
    words: ["404", "empty"],
  },
  "view-by-id": {
    about: "Whether a spendback can be viewed under its id; the path is inferred.",
    initial: "on",
    words: ["on", "off"],
  },
  "empty-list": { about: "A list without a match: no rows, or 404.", initial: "rows", words: ["rows", "404"] },
  "list-window-days": {
    about: "How many days back a list without startDate goes.",
    initial: "off",
    integers: [0, 3_650],
  },
  "reference-filter": {
    about: "How the list's spendbackRef filters: exactly, by the beginning, or not at all.",
    initial: "exact",
    words: ["exact", "prefix", "ignored"],
  },
  refunds: {
    about: "Refunds of spendbacks work (reference page) or are not supported (overview).",
    initial: "on",
    words: ["on", "off"],
  },
  "refund-id": {
    about: "The name of the original's id in a refund.",
    initial: "either",
    words: ["either", "spendbackId", "id"],
  },
  "refund-answer": {
    about: "A refund answers with a record of its own, or with the original's.",
    initial: "own",
    words: ["own", "original"],
  },
  "refunds-listed": { about: "Whether the list has refunds.", initial: "yes", words: ["yes", "no"] },
  "over-refund": {
    about: "Refunds above what is left of the original are refused, or carried out.",
    initial: "reject",
    words: ["reject", "accept"],
  },
  webhooks: {
    about: "Which of the two generations is configured: legacy, signed with the record, or simplified, unsigned.",
    initial: "legacy",
    words: ["legacy", "simplified"],
  },
  ...webhookSwitches,
};
