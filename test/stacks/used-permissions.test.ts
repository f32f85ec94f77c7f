/**
 * Facts about `stacks/permissions.ts`, against what the functions really do: one of everything on a local stack, with every request to
 * a table, the flow, the bus or the secret noted under the function that made it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { otherFunctions, taskFunctions } from "../../stacks/function-names.ts";
import { permissions } from "../../stacks/permissions.ts";
import { makeRepresentativeCalls } from "./representative-calls.ts";
import { startWatchedStack, type WatchedStack } from "./watched-stack.ts";

const deployed = [...new Set([...taskFunctions, ...otherFunctions])];

const granted = Object.entries(permissions).flatMap(([name, { tables = {}, ...rights }]) => [
  ...Object.entries(tables).flatMap(([table, actions]) => actions.map((action) => `${name} ${table} ${action}`)),
  ...Object.keys(rights).map((right) => `${name} ${right}`),
]);

/** What no call brings about here for sure; each is done in a test of its own, where the function's are. */
const seldom: readonly string[] = [
  // The flow could not be started, so the transaction is made due at once.
  ...["accept-event", "create-spendback", "create-refund", "create-cashback"].map(
    (name) => `${name} Transactions UpdateItem`,
  ),
  // An accrual is asked for again after its connection has gone.
  "accept-event Accruals GetItem",
  "create-cashback Accruals GetItem",
  // A run took the accrual up an hour ago, and was never heard of again.
  "cancel-accrual Transactions PutItem",
  // Another flow has claimed the attempt.
  ...["submit-spendback", "submit-refund", "submit-cashback"].map((name) => `${name} Transactions GetItem`),
  // No provider of today has sessions and this call, or this kind and refunds of it.
  ...["cancel-transaction", "submit-refund", "receive-webhook", "create-batch"].map(
    (name) => `${name} Sessions GetItem`,
  ),
  "submit-cashback Originals UpdateItem",
  // Nexio, whose spendbacks can be refunded, carries them out only after its answer.
  "submit-spendback Originals UpdateItem",
  // The process that should have given back has died.
  "follow-up Originals UpdateItem",
  // The time of a run is up, or a delivery waits for its next try.
  "deliver-webhooks publishes",
  "pay-accruals publishes",
  "follow-up-webhooks publishes",
];

let watched: WatchedStack;
beforeAll(async () => {
  watched = await startWatchedStack();
  await makeRepresentativeCalls(watched.stack, watched.sandboxUrl);
}, 180_000);
afterAll(() => watched.stop());

test.each(deployed)("%s has a line in stacks/permissions.ts", (name) => {
  expect(Object.keys(permissions)).toContain(name);
});

test("no line is of a function that is not deployed", () => {
  expect(Object.keys(permissions).filter((name) => !deployed.includes(name))).toEqual([]);
});

test("what the functions do, they may", () => {
  expect([...watched.seen].filter((action) => !granted.includes(action)).sort()).toEqual([]);
});

test("what the functions may, they do", () => {
  const unused = granted.filter((action) => !watched.seen.has(action) && !seldom.includes(action));
  expect(unused.sort()).toEqual([]);
});

test("what is seldom done is granted", () => {
  expect(seldom.filter((action) => !granted.includes(action))).toEqual([]);
});
