/** Nexio's stand-in: its operations, seeds and routes. Paths that no document names are marked inferred. */

import { answerFaults, movementFaults, webhookFaults } from "./faults.ts";
import { API_KEY, errors, failure, guard, json, USERNAME, unauthorized } from "./nexio/answers.ts";
import { readBalances } from "./nexio/balance.ts";
import { listReference, listSpendbacks, viewSpendback } from "./nexio/list.ts";
import { submitPayouts } from "./nexio/payouts.ts";
import { accounts, createRecipient, listRecipients, PAYOUT_ACCOUNT_ID, PROVIDER } from "./nexio/recipients.ts";
import { refundSpendback } from "./nexio/refund.ts";
import { spendbackReference, submitSpendback } from "./nexio/spendback.ts";
import { switches } from "./nexio/switches.ts";
import { WEBHOOK_SECRET, webhooks } from "./nexio/webhooks.ts";
import type { Answer, Call, Provider, Route, World } from "./provider.ts";

export const nexio: Provider = {
  id: PROVIDER,
  ignoresCase: false,
  operations: {
    balance: answerFaults,
    spendback: [...answerFaults, ...movementFaults, ...webhookFaults],
    refund: [...answerFaults, ...movementFaults, ...webhookFaults],
    lookup: answerFaults,
  },
  switches,
  seeds: { accounts },
  // Without refunds, like the overview; `spendbackRefunds: { path: "/payout/v3/spendback/refund" }` switches them on.
  connection: () => ({ username: USERNAME, apiKey: API_KEY, webhookSecret: WEBHOOK_SECRET }),
  tour: [
    {
      kind: "spendback",
      what: "14.83 USD from a recipient",
      body: {
        recipient: { ref: "9467e04a-3f19-473f-a8b3-a1bc09a2ede8" },
        amount: { value: 1_483, currency: "USD" },
      },
    },
  ],
  webhooks,
  open: (world) => ({
    routes: openRoutes(world),
    // Bodies of these are not documented; a 435 inside a 500 is what a careless client takes for a decline.
    internalError: () => failure(errors.declined, "Internal error", 500),
    rateLimited: () => failure(429, "Too many requests", 429),
    tokenExpired: () => unauthorized(world),
    noRoute: () => failure(errors.notFound, "Not found"),
  }),
};

const openRoutes = (world: World): Route[] => {
  const on = (
    method: string,
    path: string,
    operation: string,
    handle: (world: World, call: Call) => Answer,
    reference?: (call: Call) => string | undefined,
  ): Route => ({ method, path, operation, handle: guard(world, handle), ...(reference && { reference }) });
  return [
    on("POST", "/payout/v3/spendback", "spendback", submitSpendback, spendbackReference),
    on("POST", "/payout/v3/spendback/refund", "refund", refundSpendback, spendbackReference), // inferred
    on("GET", "/payout/v3/spendback", "lookup", listSpendbacks, listReference),
    on("GET", "/payout/v3/spendback/:id", "lookup", viewSpendback), // inferred
    on("GET", "/payout/v3/recipient/balance", "balance", readBalances), // inferred
    on("POST", "/payout/v3/recipient", "create-recipient", createRecipient),
    on("GET", "/payout/v3/recipient", "list-recipients", listRecipients),
    on("POST", "/payout/v3/pay", "pay", submitPayouts),
    on("GET", "/user/v3/account/whoAmI", "who-am-i", () =>
      json(200, { payoutAccessRights: { [PAYOUT_ACCOUNT_ID]: "A" } }),
    ),
  ];
};
