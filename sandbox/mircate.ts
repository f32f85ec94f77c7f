/** Mircate's stand-in: its operations, seeds and routes. Methods whose fields no page shows (load, cancel, getAccount, …) are not there. */

import { answerFaults } from "./faults.ts";
import { ACCOUNT_ID, accounts, PROJECT_ID, PROVIDER } from "./mircate/accounts.ts";
import { API_KEY, empty, failure, guard, json } from "./mircate/answers.ts";
import { listTransactions } from "./mircate/list.ts";
import { refund } from "./mircate/refund.ts";
import { spend, spendReference } from "./mircate/spend.ts";
import { switches } from "./mircate/switches.ts";
import type { Answer, Call, Provider, Route, World } from "./provider.ts";

export const mircate: Provider = {
  id: PROVIDER,
  ignoresCase: false,
  operations: {
    refund: [...answerFaults, "late-lookup"],
    spend: answerFaults,
    lookup: answerFaults,
  },
  switches,
  seeds: { accounts },
  connection: () => ({
    apiKey: API_KEY,
    projectId: PROJECT_ID,
    accountId: ACCOUNT_ID,
    amountUnit: "minor",
    currency: "TRY",
  }),
  tour: [
    {
      kind: "refund",
      what: "25.00 TRY of a wallet's payment of 100.00",
      body: {
        original: "spent-100",
        account: { accountNumber: "alice-try" },
        amount: { value: 2_500, currency: "TRY" },
      },
    },
  ],
  open: (world) => ({
    routes: openRoutes(world),
    // A 500's body is not documented; this one is what a careless client takes for a refusal.
    internalError: () => json(500, { code: "VALIDATION", message: "Internal Server Error" }),
    rateLimited: () => {
      const seconds = world.switchValue("retry-after");
      return seconds === "off"
        ? failure(world, 429)
        : { ...failure(world, 429), headers: { "retry-after": `${seconds}` } };
    },
    tokenExpired: () => failure(world, 403),
    noRoute: () => failure(world, 404),
  }),
};

/** Below `https://api.b2b.retter.io/5p1hp1d2t`. The list takes the project's id only. */
const openRoutes = (world: World): Route[] => {
  const isBusy = watchWrites(world);
  const write = (operation: string, handle: (world: World, call: Call) => Answer): Route => ({
    method: "POST",
    path: `/CALL/WalletAPI/${operation}/:instance`,
    operation,
    handle: guard(world, (call) => {
      if (call.params["instance"] !== `${PROJECT_ID}-${ACCOUNT_ID}`) return failure(world, 404);
      return isBusy() ? empty(570) : handle(world, call);
    }),
  });
  return [
    write("refund", refund),
    { ...write("spend", spend), reference: spendReference },
    {
      method: "POST",
      path: "/CALL/WalletAPI/listTransactions/:project",
      operation: "lookup",
      handle: guard(world, (call) =>
        call.params["project"] === PROJECT_ID ? listTransactions(world, call) : failure(world, 404),
      ),
    },
  ];
};

/** One write at a time: another one is rejected, and not carried out (contract, section 9). */
const watchWrites = ({ switchValue, now }: World): (() => boolean) => {
  let freeAt = 0;
  return () => {
    const busy = switchValue("busy");
    if (typeof busy !== "number") return busy === "on";
    if (now() < freeAt) return true;
    freeAt = now() + busy;
    return false;
  };
};
