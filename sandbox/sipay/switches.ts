/** Sipay's switches: one for each place where its documents are silent or contradict each other. */

import type { SwitchSpec } from "../switches.ts";
import { webhookSwitches } from "../webhook.ts";

const STATUS_MAX = 999;

export const switches: Readonly<Record<string, SwitchSpec>> = {
  "token-seconds": { about: "How long tokens issued from now on live.", initial: 3_600, integers: [0, 86_400] },
  "auth-failure": {
    about: "A missing or expired bearer answers 401 without a body, 401 with an envelope, or 403.",
    initial: "401",
    words: ["401", "envelope", "403"],
  },
  duplicate: {
    about: "A cashback with an ext_transaction_id that was used before answers 301 or 312, or moves money again.",
    initial: "301",
    words: ["301", "312", "accept"],
  },
  refusal: {
    about: "The code with which every cashback is refused, nothing moved: 310, 361 or any other.",
    initial: "off",
    integers: [200, STATUS_MAX],
  },
  "refusal-status": { about: "The envelope's status beside an error's code.", initial: 2, integers: [0, STATUS_MAX] },
  "refusal-http": {
    about: "The HTTP status beside an error's code; `code`: the same number, as the API pages' response lists suggest.",
    initial: 200,
    words: ["code"],
    integers: [200, 599],
  },
  "refusal-payload": {
    about: "An error's payload is absent or null.",
    initial: "absent",
    words: ["absent", "null"],
  },
  "inactive-code": {
    about: "The code that refuses a suspended or closed wallet.",
    initial: 300,
    integers: [200, STATUS_MAX],
  },
  "payload-form": {
    about: "A cashback's payload is an object as in the samples, or a list of one as in the tables.",
    initial: "object",
    words: ["object", "array"],
  },
  "ext-id-echo": {
    about: "A cashback's answer has the caller's ext_transaction_id, another as in the sample, or none.",
    initial: "echo",
    words: ["echo", "other", "absent"],
  },
  "paid-from": {
    about: "In which of its balances a wallet keeps the money that it pays with.",
    initial: "cash",
    words: ["cash", "payment"],
  },
  "row-status": {
    about: "The transaction_status_id of rows found; 20 also settles. `ledger`: 10, 20 or 90, by the truth.",
    initial: "ledger",
    integers: [0, STATUS_MAX],
  },
  "row-result": {
    about: "The result_code of rows found. `ledger`: by the truth.",
    initial: "ledger",
    anyText: true,
  },
  "row-id": {
    about: "A row's id is a text, or a JSON number beyond 2^53.",
    initial: "text",
    words: ["text", "number"],
  },
  "row-wallet-id": {
    about: "A row's wallet_id is a text, or 00000001123456 without quotes, which is not JSON, as one sample prints it.",
    initial: "text",
    words: ["text", "bare"],
  },
  "row-wallets": {
    about: "Rows name the numbers of wallets and accounts, or null.",
    initial: "named",
    words: ["named", "null"],
  },
  spelling: {
    about: "Rows and their envelope are spelt as in the samples, or with the tables' slips (massage, …_type_Id).",
    initial: "samples",
    words: ["samples", "tables"],
  },
  "pending-rows": { about: "Whether movements under way are found.", initial: "listed", words: ["listed", "hidden"] },
  "failed-rows": { about: "Whether failed movements are found.", initial: "listed", words: ["listed", "hidden"] },
  "empty-lookup": {
    about: "A search that finds nothing has an empty list, null as results, or no payload.",
    initial: "array",
    words: ["array", "null", "absent"],
  },
  "default-days": {
    about: "How far back a search looks that names no dates: three days, or one as another page says.",
    initial: 3,
    integers: [1, 365],
  },
  "first-page": { about: "The page_index of the first page.", initial: 0, integers: [0, 1] },
  ...webhookSwitches,
};
