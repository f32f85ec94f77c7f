/** Paysafe's switches: one for each place where its documents are silent or leave a choice (contract, sections 12 and 13). */

import type { SwitchSpec } from "../switches.ts";
import { webhookSwitches } from "../webhook.ts";

export const switches: Readonly<Record<string, SwitchSpec>> = {
  "batch-lookups": {
    about: "At which lookup a PENDING refund is batched and COMPLETED; 0: at once, in the answer to the POST.",
    initial: 1,
    words: ["never"],
    integers: [0, 1_000],
  },
  "refund-status": {
    about:
      "What lookups say as a refund's status; COMPLETED, FAILED and CANCELLED also make it so. `ledger`: the truth.",
    initial: "ledger",
    anyText: true,
  },
  "settlement-status": {
    about: "What settlements say as their status. `account`: PENDING where suspended, else COMPLETED.",
    initial: "account",
    anyText: true,
  },
  "available-falls": {
    about: "When a refund lowers availableToRefund: as soon as it is accepted, or once it is COMPLETED.",
    initial: "at-once",
    words: ["at-once", "when-completed"],
  },
  "refunds-max": {
    about: "How many refunds a settlement takes before 3403.",
    initial: "off",
    integers: [0, 1_000],
  },
  "duplicate-check": {
    about: "Whether 409/5031 comes before or after the settlement's state is checked (3402 to 3406).",
    initial: "before-state",
    words: ["before-state", "after-state", "off"],
  },
  "refused-reference": {
    about: "Whether the merchantRefNum of a refused refund is free or taken (5031) afterwards.",
    initial: "free",
    words: ["free", "taken"],
  },
  "refused-refunds": {
    about: "Whether lookups list refused refunds, as FAILED.",
    initial: "listed",
    words: ["listed", "hidden"],
  },
  rounding: {
    about: "How a percent share is rounded to the minor unit: the documented example rules out only `down`.",
    initial: "half-up",
    words: ["half-up", "half-even", "up", "down"],
  },
  "split-payouts": {
    about: "Whether the account has Split Payouts; without, a splitpay is refused with 401/5040.",
    initial: "on",
    words: ["on", "off"],
  },
  "linked-shortfall": {
    about: "A share above what the linked account has: refused with 3412, or the account goes below zero.",
    initial: "refused",
    words: ["refused", "allowed"],
  },
  "text-amounts": {
    about: "Whether a request's amount may be a string, as one recorded request had it.",
    initial: "accepted",
    words: ["accepted", "refused"],
  },
  "empty-lookup": {
    about: "A lookup by merchantRefNum that finds nothing: an empty list, or 404.",
    initial: "list",
    words: ["list", "404"],
  },
  "error-code": {
    about: "The code with which it breaks inside.",
    initial: "1007",
    words: ["1000", "1001", "1002", "1003", "1007", "1008"],
  },
  "status-code-header": {
    about: "Whether errors repeat their code in X-Application-Status-Code.",
    initial: "on",
    words: ["on", "off"],
  },
  "acquirer-response": {
    about: "Whether refunds show the acquirer's answer, as some accounts are configured to.",
    initial: "off",
    words: ["on", "off"],
  },
  "webhook-key": {
    about: "Webhooks are signed with the secret's text, or with its Base64-decoded bytes as one plugin does.",
    initial: "text",
    words: ["text", "base64"],
  },
  ...webhookSwitches,
};
