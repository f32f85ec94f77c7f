/** Paysafe's stand-in: card refunds with split payouts, their lookups, and the settlements that they return. */

import { answerFaults, movementFaults, tokenFaults, webhookFaults } from "./faults.ts";
import type { ErrorCode } from "./paysafe/answers.ts";
import { failure, ok } from "./paysafe/answers.ts";
import { guard, PASSWORD, USERNAME } from "./paysafe/authenticate.ts";
import { cancelRefund } from "./paysafe/cancel.ts";
import { findReference, findRefunds, getRefund } from "./paysafe/lookup.ts";
import { refund, refundReference } from "./paysafe/refund.ts";
import { Refusals } from "./paysafe/refusals.ts";
import { CURRENCY, getSettlement, MAIN_ACCOUNT, PROVIDER, seeds } from "./paysafe/settlements.ts";
import { switches } from "./paysafe/switches.ts";
import { WEBHOOK_SECRET, webhooks } from "./paysafe/webhooks.ts";
import type { Provider, Route, World } from "./provider.ts";

export const paysafe: Provider = {
  id: PROVIDER,
  ignoresCase: false,
  operations: {
    balance: [...answerFaults, ...tokenFaults],
    refund: [...answerFaults, ...tokenFaults, ...movementFaults, ...webhookFaults],
    lookup: [...answerFaults, ...tokenFaults],
    cancel: [...answerFaults, ...tokenFaults],
  },
  switches,
  seeds: { accounts: seeds },
  connection: () => ({
    accountId: MAIN_ACCOUNT,
    username: USERNAME,
    password: PASSWORD,
    currency: CURRENCY,
    webhookSecret: WEBHOOK_SECRET,
  }),
  tour: [
    {
      kind: "refund",
      what: "100.98 USD, 5.75 % and 5.00 of it from linked accounts",
      body: {
        original: "stl-10098",
        amount: { value: 10_098, currency: CURRENCY },
        splits: [
          { linkedAccount: "1001391850", percent: 5.75 },
          { linkedAccount: "1001391860", amount: 500 },
        ],
      },
    },
  ],
  webhooks,
  open: (world) => ({
    routes: openRoutes(world),
    internalError: () => failure(world, String(world.switchValue("error-code")) as ErrorCode),
    rateLimited: () => failure(world, "1200"),
    tokenExpired: () => failure(world, "5275"),
    noRoute: (reason) => failure(world, reason === "path" ? "5273" : "5281"),
  }),
};

const openRoutes = (world: World): Route[] => {
  const refusals = new Refusals(world);
  const account = "/cardpayments/v1/accounts/:account";
  return [
    { method: "GET", path: "/cardpayments/monitor", operation: "monitor", handle: () => ok({ status: "READY" }) },
    {
      method: "GET",
      path: `${account}/settlements/:settlement`,
      operation: "balance",
      handle: guard(world, getSettlement),
    },
    {
      method: "POST",
      path: `${account}/settlements/:settlement/refunds`,
      operation: "refund",
      reference: refundReference,
      handle: guard(world, (_world, call) => refund(world, refusals, call)),
    },
    {
      method: "GET",
      path: `${account}/refunds`,
      operation: "lookup",
      reference: findReference,
      handle: guard(world, (_world, call) => findRefunds(world, refusals, call)),
    },
    {
      method: "GET",
      path: `${account}/refunds/:refund`,
      operation: "lookup",
      handle: guard(world, (_world, call) => getRefund(world, refusals, call)),
    },
    {
      method: "PUT",
      path: `${account}/refunds/:refund`,
      operation: "cancel",
      handle: guard(world, cancelRefund),
    },
  ];
};
