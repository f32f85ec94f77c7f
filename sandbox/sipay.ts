/** Sipay's stand-in: its operations, seeds and routes. The token lies under the same base as the API. */

import type { AccountSeed } from "./account.ts";
import { answerFaults, movementFaults, tokenFaults, webhookFaults } from "./faults.ts";
import type { Provider, Route, World } from "./provider.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  guard,
  issue,
  PLATFORM_CLIENT_ID,
  SCOPE,
  unauthorized,
} from "./sipay/authenticate.ts";
import { extTransactionId, giveCashback } from "./sipay/cashback.ts";
import { empty, json } from "./sipay/envelope.ts";
import { findTransactions } from "./sipay/lookup.ts";
import { switches } from "./sipay/switches.ts";
import { readWallet } from "./sipay/wallet-info.ts";
import { PROVIDER } from "./sipay/wallets.ts";
import { webhooks } from "./sipay/webhooks.ts";

/** The sample's merchant account, and its wallet. */
const MERCHANT = "0153253257047385";
const MERCHANT_WALLET = "1250386995";

export const sipay: Provider = {
  id: PROVIDER,
  ignoresCase: true,
  operations: {
    authenticate: answerFaults,
    balance: [...answerFaults, ...tokenFaults],
    cashback: [...answerFaults, ...tokenFaults, ...movementFaults, ...webhookFaults],
    lookup: [...answerFaults, ...tokenFaults],
  },
  switches,
  seeds: {
    accounts: [
      wallet(MERCHANT_WALLET, { TRY: 100_000 }, { accountNumber: MERCHANT, id: "6256794445262550404109" }),
      wallet("1250386996", { USD: 5_000 }, { accountNumber: MERCHANT }),
      customer("637606074", { TRY: 0 }),
      customer("637606075", { TRY: 2_500 }),
      // 100.00 below the limit of 200000.00.
      customer("637606099", { TRY: 19_990_000 }),
      { ...customer("637606013", { TRY: 0 }), status: "suspended" },
      customer("637606080", { USD: 0 }),
    ],
  },
  connection: (baseUrl) => ({
    tokenUrl: `${baseUrl}/connect/token`,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    scope: SCOPE,
    platformClientId: PLATFORM_CLIENT_ID,
    senderAccountNumber: MERCHANT,
    senderWalletNumber: MERCHANT_WALLET,
  }),
  tour: [
    {
      kind: "cashback",
      what: "5.00 TRY to a customer's wallet",
      body: { receiver: { walletNumber: "637606074" }, amount: { value: 500, currency: "TRY" } },
    },
  ],
  webhooks,
  open: (world) => ({
    routes: openRoutes(world),
    // No document shows a body for these two; a 311 inside a 500 is what a careless client takes for a decline.
    internalError: () => json(500, { status: 2, code: "311", message: "Internal error" }),
    rateLimited: () => empty(429),
    tokenExpired: () => unauthorized(world),
    noRoute: (reason) => empty(reason === "path" ? 404 : 405),
  }),
};

function openRoutes(world: World): Route[] {
  const cashback = { method: "POST", operation: "cashback", reference: extTransactionId } as const;
  return [
    { method: "POST", path: "/connect/token", operation: "authenticate", handle: (call) => issue(world, call) },
    { method: "POST", path: "/v1/Wallet/Info", operation: "balance", handle: guard(world, readWallet) },
    {
      ...cashback,
      path: "/v1/Transaction/CashBackCredit",
      handle: guard(world, (_world, call) => giveCashback(world, call, "CashBackCredit")),
    },
    {
      ...cashback,
      path: "/v1/Transaction/CashBack",
      handle: guard(world, (_world, call) => giveCashback(world, call, "CashBack")),
    },
    {
      method: "POST",
      path: "/v1/TransactionData/SummaryRecordByFilter",
      operation: "lookup",
      handle: guard(world, findTransactions),
      reference: extTransactionId,
    },
  ];
}

function wallet(
  account: string,
  openings: AccountSeed["openings"],
  profile: NonNullable<AccountSeed["profile"]>,
): AccountSeed {
  return { account, status: "open", openings, profile };
}

/** A customer's account is its wallet's number with a zero before. */
function customer(account: string, openings: AccountSeed["openings"]): AccountSeed {
  return wallet(account, openings, { accountNumber: `0${account}`, accountType: "Bireysel" });
}
