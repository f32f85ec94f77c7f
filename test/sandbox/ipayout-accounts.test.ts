/** i-payout's beneficiaries and loads. */

import { expect, test } from "vitest";
import { open } from "./client.ts";

const DORA = { username: "dora", firstName: "Dora", lastName: "Doe", emailAddress: "dora@example.com" };

const load = (rows: object[], more: object = {}): object => ({
  partnerBatchId: "batch_1",
  poolId: "pool",
  allowDuplicates: true,
  autoLoad: true,
  currencyCode: "USD",
  arrAccounts: rows,
  ...more,
});

test("a created beneficiary exists, is open, and tells what it was given", async () => {
  const client = await (await open()).logIn();
  const created = await client.api("POST", "/beneficiaries", { ...DORA, city: "Bern" });
  expect(created.body).toMatchObject({ isSuccess: true, message: "Beneficiary created successfully", statusCode: 0 });
  const token: string = created.body.data.beneficiaryToken;
  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  expect((await client.api("GET", "/customer/exists?userName=dora")).body.data).toEqual({
    username: "dora",
    customerToken: token,
    isCustomerExists: true,
  });
  expect((await client.api("GET", "/customer/exists?userName=erna")).body.data.isCustomerExists).toBe(false);
  expect((await client.api("GET", `/beneficiary/${token}`)).body.data).toMatchObject({
    beneficiaryToken: token,
    username: "dora",
    city: "Bern",
    country: "US",
    preferredLanguage: "EN",
    isClosed: false,
  });
  expect((await client.api("GET", `/customer/${token}/status`)).body.data).toEqual({
    customerStatus: 1,
    isClosed: false,
    isSuspended: false,
  });
  expect((await client.balance(token)).body.data.balance).toBe(0);
});

test("the oldest path names the token customerToken", async () => {
  const client = await (await open()).logIn();
  expect(Object.keys((await client.api("POST", "/customer/create", DORA)).body.data)).toEqual(["customerToken"]);
});

test("a taken username answers the recorded bytes", async () => {
  const client = await (await open()).logIn();
  const reply = await client.api("POST", "/beneficiaries", { ...DORA, username: "alice" });
  expect(reply.status).toBe(200);
  expect(reply.text.replace(/[0-9a-f]{32}/, "#")).toBe(
    '{"IsSuccess":false,"Message":"Username already exists","StatusCode":-12,"LogIdentifier":"#"}',
  );
});

test("an empty e-mail address answers the recorded message", async () => {
  const client = await (await open()).logIn();
  const reply = await client.api("POST", "/beneficiaries", { ...DORA, emailAddress: "", country: "CHE" });
  expect(reply.status).toBe(400);
  expect(reply.body.errors).toEqual({
    EmailAddress: ["Email is required"],
    Country: ["Country must not exceed 2 characters"],
  });
});

test("a suspended or closed account says so", async () => {
  const client = await (await open()).logIn();
  expect((await client.api("GET", "/customer/ben-carol/status")).body.data).toEqual({
    customerStatus: 0,
    isClosed: false,
    isSuspended: true,
  });
  const body = { provider: "ipayout", account: "ben-carol", currency: "USD", balance: 1, status: "closed" };
  await client.call("POST", "/_sandbox/accounts", { body });
  expect((await client.api("GET", "/customer/ben-carol/status")).body.data.customerStatus).toBe(-1);
  expect((await client.api("GET", "/customer/ben-nobody/status")).body.StatusCode).toBe(-5);
});

test("a load credits every wallet, and its rows are found by batch", async () => {
  const client = await (await open()).logIn();
  const rows = [
    { username: "alice", amount: 200, merchantReferenceId: "929019" },
    { username: "bob", amount: 0.5, merchantReferenceId: "929020", comments: "thanks" },
  ];
  expect((await client.api("POST", "/payouts", load(rows))).body).toMatchObject({
    isSuccess: true,
    data: { batchId: "batch_1" },
  });
  expect([await client.funds("ben-alice"), await client.funds("ben-bob")]).toEqual([120_000, 5_050]);
  const found = await client.api("GET", "/Transaction/get?merchantBatchId=batch_1");
  expect(found.body.data.map((each: { toUsername: string }) => each.toUsername)).toEqual(["alice", "bob"]);
});

test("one bad row fails the whole load, with the recorded messages", async () => {
  const client = await (await open()).logIn();
  const good = { username: "bob", amount: 1, merchantReferenceId: "r1" };
  await client.api("POST", "/PayOut/create", load([good], { partnerBatchId: "first" }));
  const reply = await client.api(
    "POST",
    "/payouts",
    load([
      { ...good, comments: "<b>" },
      { ...good, merchantReferenceId: "r2" },
    ]),
  );
  expect(reply.status).toBe(400);
  expect(reply.body.errors).toEqual({
    "ArrAccounts[0].Comments": ["Comments: Special character not allowed"],
    "ArrAccounts[0].MerchantReferenceId": ["Invalid merchant reference id"],
  });
  const unknown = await client.api(
    "POST",
    "/payouts",
    load([
      { ...good, merchantReferenceId: "r2" },
      { ...good, username: "nobody", merchantReferenceId: "r3" },
    ]),
  );
  expect(unknown.body.StatusCode).toBe(-2);
  expect(await client.funds("ben-bob")).toBe(5_100);
});

test("a batch stays open until autoLoad, then credits all of it and closes", async () => {
  const client = await (await open()).logIn();
  const row = (merchantReferenceId: string, username = "bob") => ({ username, amount: 1, merchantReferenceId });
  await client.api("POST", "/payouts", load([row("w1")], { autoLoad: false }));
  expect(await client.funds("ben-bob")).toBe(5_000);
  const again = await client.api("POST", "/payouts", load([row("w2")], { allowDuplicates: false }));
  expect(again.body.errors).toEqual({ "ArrAccounts[0].Username": ["Duplicate username in the batch"] });
  await client.api("POST", "/payouts", load([row("w3", "alice")], { allowDuplicates: false }));
  expect([await client.funds("ben-alice"), await client.funds("ben-bob")]).toEqual([100_100, 5_100]);
  expect((await client.api("POST", "/payouts", load([row("w4")]))).body.IsSuccess).toBe(false);
});
