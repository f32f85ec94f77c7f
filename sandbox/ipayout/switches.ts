/** i-payout's switches: one for each place where its documents are silent or contradict each other. */

import type { SwitchSpec } from "../switches.ts";
import { webhookSwitches } from "../webhook.ts";

const INT32: readonly [number, number] = [-2_147_483_648, 2_147_483_647];

export const switches: Readonly<Record<string, SwitchSpec>> = {
  "auth-failure": {
    about: "A missing or expired bearer answers HTTP 401, or HTTP 200 with -71 (the recorded shape of the login call).",
    initial: "401",
    words: ["401", "envelope"],
  },
  "token-minutes": {
    about: "How long tokens issued from now on live.",
    initial: 1_440,
    integers: [0, 525_600],
  },
  "balance-form": {
    about: "The balance answers as the OpenAPI file has it (currencyCode) or as the guide prints it (currency).",
    initial: "contract",
    words: ["contract", "guide"],
  },
  "duplicate-reference": {
    about: "A spendback with a reference that was used before moves money again, or is refused.",
    initial: "accept",
    words: ["accept", "reject"],
  },
  "item-failure": {
    about: "The m_Code with which contract-form items fail inside an isSuccess:true answer; nothing moves.",
    initial: "off",
    integers: INT32,
  },
  "inactive-code": {
    about: "The StatusCode of a spendback from a suspended or closed account; which one is real is not documented.",
    initial: -5,
    integers: INT32,
  },
  "transaction-status": {
    about: "What lookups say as status; -1 and 3 also give the money back, 1 also settles. `ledger`: the truth.",
    initial: "ledger",
    integers: INT32,
  },
  "guide-status": {
    about: "The status text of guide-form spendbacks. `ledger`: Completed, or Pending.",
    initial: "ledger",
    anyText: true,
  },
  "spendbacks-listed": {
    about: "Which lookups list spendbacks.",
    initial: "both",
    words: ["both", "transactions", "payins", "none"],
  },
  "empty-lookup": {
    about: "The data of a lookup that finds nothing: [], null, or no such member.",
    initial: "array",
    words: ["array", "null", "absent"],
  },
  "webhook-signature": {
    about: "A webhook's signature covers a hash of the text (three published recipes), or the text itself (a fourth).",
    initial: "hashed",
    words: ["hashed", "plain"],
  },
  ...webhookSwitches,
};
