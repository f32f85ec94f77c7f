/** i-payout's stand-in: its operations, seeds and routes, portal paths and contract paths alike. */

import { answerFaults, movementFaults, tokenFaults, webhookFaults } from "./faults.ts";
import { guard, logIn, unauthorized } from "./ipayout/authenticate.ts";
import { readBalance } from "./ipayout/balance.ts";
import { beneficiaryExists, beneficiaryStatus, createBeneficiary, getBeneficiary } from "./ipayout/beneficiaries.ts";
import { codes, empty, failure } from "./ipayout/envelope.ts";
import { findItems, findTransactions, lookupReference } from "./ipayout/lookup.ts";
import { loadFunds } from "./ipayout/payouts.ts";
import { spendBack, spendbackReference } from "./ipayout/spendback.ts";
import { switches } from "./ipayout/switches.ts";
import type { Session } from "./ipayout/token.ts";
import { OpenReads, PROVIDER } from "./ipayout/wallets.ts";
import { WEBHOOK_SECRET, webhooks } from "./ipayout/webhooks.ts";
import type { Answer, Call, Provider, Route, World } from "./provider.ts";

export const ipayout: Provider = {
  id: PROVIDER,
  ignoresCase: true,
  operations: {
    authenticate: answerFaults,
    balance: [...answerFaults, ...tokenFaults],
    spendback: [...answerFaults, ...tokenFaults, ...movementFaults, ...webhookFaults],
    lookup: [...answerFaults, ...tokenFaults],
  },
  switches,
  seeds: {
    accounts: [
      {
        account: "ben-alice",
        username: "alice",
        status: "open",
        openings: { USD: 100_000, JPY: 50_000, TND: 250_000 },
      },
      { account: "ben-bob", username: "bob", status: "open", openings: { USD: 5_000 } },
      { account: "ben-carol", username: "carol", status: "suspended", openings: { USD: 10_000 } },
    ],
  },
  connection: () => ({
    username: "moneyback",
    password: "sandbox-password",
    merchantId: "5f0c2e4a-7f55-4b6e-9c43-2a1f6d0b7e11",
    profile: "guide",
    webhookSecret: WEBHOOK_SECRET,
  }),
  tour: [
    {
      kind: "spendback",
      what: "40.00 USD from a wallet",
      body: { recipient: { id: "ben-bob" }, amount: { value: 4_000, currency: "USD" } },
    },
  ],
  webhooks,
  open: (world) => ({
    routes: openRoutes(world),
    // No document shows a body for these two; a -1 inside a 500 is what a careless client takes for a decline.
    internalError: () => failure(codes.internalError, "Internal error", 500),
    rateLimited: () => empty(429),
    tokenExpired: () => unauthorized(world),
    noRoute: (reason) => empty(reason === "path" ? 404 : 405),
  }),
};

/** Below `/api/v1`. Paths that are neither on the portal nor in the OpenAPI file are marked inferred. */
const openRoutes = (world: World): Route[] => {
  const reads = new OpenReads();
  const guarded = (handle: (world: World, call: Call, session: Session) => Answer) =>
    guard(world, (call, session) => handle(world, call, session));
  const balance = guarded((_world, call, session) => readBalance(world, reads, call, session));
  const spendback = guarded((_world, call, session) => spendBack(world, reads, call, session));
  const create = (tokenName: string) => guarded((_world, call) => createBeneficiary(world, call, tokenName));
  const get = (tokenName: string) => guarded((_world, call) => getBeneficiary(world, call, tokenName));
  const exists = guarded(beneficiaryExists);
  const status = guarded(beneficiaryStatus);
  const load = guarded(loadFunds);
  const transactions = { handle: guarded(findTransactions), reference: lookupReference };
  const items = { handle: guarded(findItems), reference: lookupReference };
  const routes: Route[] = [
    { method: "GET", path: "/authentication/login", operation: "authenticate", handle: (call) => logIn(world, call) },
    { method: "GET", path: "/beneficiaries/:token/balances/:currency", operation: "balance", handle: balance },
    { method: "GET", path: "/customer/:token/balance/:currency", operation: "balance", handle: balance },
    {
      method: "POST",
      path: "/payins/spendback",
      operation: "spendback",
      handle: spendback,
      reference: spendbackReference,
    },
    {
      method: "POST",
      path: "/PayIn/spendback",
      operation: "spendback",
      handle: spendback,
      reference: spendbackReference,
    },
    { method: "GET", path: "/transactions", operation: "lookup", ...transactions }, // inferred
    { method: "GET", path: "/Transaction/get", operation: "lookup", ...transactions },
    { method: "GET", path: "/payins", operation: "lookup", ...items }, // inferred
    { method: "GET", path: "/PayIn/get", operation: "lookup", ...items },
    { method: "POST", path: "/beneficiaries", operation: "create-beneficiary", handle: create("beneficiaryToken") },
    {
      method: "POST",
      path: "/beneficiary/create",
      operation: "create-beneficiary",
      handle: create("beneficiaryToken"),
    },
    { method: "POST", path: "/customer/create", operation: "create-beneficiary", handle: create("customerToken") },
    { method: "GET", path: "/beneficiaries/exists", operation: "beneficiary-exists", handle: exists }, // inferred
    { method: "GET", path: "/customer/exists", operation: "beneficiary-exists", handle: exists },
    { method: "GET", path: "/beneficiaries/:token/status", operation: "beneficiary-status", handle: status }, // inferred
    { method: "GET", path: "/customer/:token/status", operation: "beneficiary-status", handle: status },
    { method: "GET", path: "/beneficiaries/:token", operation: "get-beneficiary", handle: get("beneficiaryToken") }, // inferred
    { method: "GET", path: "/beneficiary/:token", operation: "get-beneficiary", handle: get("beneficiaryToken") },
    { method: "GET", path: "/customer/:token", operation: "get-beneficiary", handle: get("customerToken") },
    { method: "POST", path: "/payouts", operation: "load-funds", handle: load },
    { method: "POST", path: "/PayOut/create", operation: "load-funds", handle: load },
  ];
  return routes.map((route) => ({ ...route, path: `/api/v1${route.path}` }));
};
