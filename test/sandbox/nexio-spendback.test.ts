/** Nexio's Submit spendback: who pays, what is answered, and every way in which it can fail. */

import { describe, expect, test } from "vitest";
import { JANE, openNexio } from "./nexio-client.ts";

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe("a spendback", () => {
  test("answers the documented members, pending first", async () => {
    const nexio = await openNexio();
    const { status, body, text } = await nexio.submit("first");
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(Number),
      spendbackRef: "first",
      recipientId: JANE.id,
      recipientRef: JANE.ref,
      payoutAccountId: 3_927,
      providerId: "12610",
      providerType: 10,
      providerSpendbackRef: `mock-${body.id}`,
      amount: 14.83,
      currency: "USD",
      spendbackDate: TIME,
      spendbackStatus: 10,
      createdAt: TIME,
      updatedAt: TIME,
    });
    expect(text).toMatch(/^\{"id":\d+,"spendbackRef":"first","recipientId":137241,"recipientRef":"9467e04a/);
    expect(await nexio.moved("first")).toEqual(["debit 137241 1483 USD pending"]);
    expect(await nexio.funds("137241")).toBe(48_517);
  });

  test("makes a reference where none is given, and echoes a description only where one is", async () => {
    const nexio = await openNexio();
    const { body } = await nexio.api("POST", "/payout/v3/spendback", { amount: 1, currency: "USD", email: JANE.email });
    expect(body.spendbackRef).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(body).not.toHaveProperty("description");
    expect((await nexio.submit("said", { description: "May" })).body.description).toBe("May");
  });

  test.each([
    ["the id before ref and e-mail", { recipientRef: "rcp-erik", email: "mira@example.com" }, "137241"],
    ["the ref before the e-mail", { recipientId: undefined, recipientRef: "rcp-mira", email: JANE.email }, "137243"],
    ["the e-mail", { recipientId: undefined, email: JANE.email }, "137241"],
    ["the ref at a provider", { recipientId: undefined, recipientRef: "rcp-mira", providerId: 12_611 }, "137244"],
  ])("is paid by %s", async (_what, named, account) => {
    const nexio = await openNexio();
    expect((await nexio.submit("named", named)).status).toBe(200);
    expect(await nexio.moved("named")).toEqual([`debit ${account} 1483 USD pending`]);
  });

  test.each([
    ["an id that nobody has, even with a ref that somebody has", { recipientId: 1, recipientRef: JANE.ref }],
    [
      "a ref that nobody has, even with an e-mail that somebody has",
      { recipientId: undefined, recipientRef: "x", email: JANE.email },
    ],
    ["a ref at a provider where it has no account", { recipientId: undefined, recipientRef: JANE.ref, providerId: 7 }],
  ])("is not found with %s", async (_what, named) => {
    const nexio = await openNexio();
    const { status, text } = await nexio.submit("lost", named);
    expect([status, text]).toEqual([404, '{"error":404,"message":"Recipient not found"}']);
    expect(await nexio.moved("lost")).toEqual([]);
  });

  test("can be refused where several accounts fit", async () => {
    const nexio = await openNexio();
    await nexio.turn("several-accounts", "refuse");
    const named = { recipientId: undefined, recipientRef: "rcp-mira" };
    expect((await nexio.submit("several", named)).body.error).toBe(400);
    expect((await nexio.submit("one", { ...named, providerId: 12_610 })).status).toBe(200);
  });

  test.each([
    ["no body", ""],
    ["no JSON", "{"],
    ["nobody", '{"amount":1,"currency":"USD"}'],
    ["no amount", '{"currency":"USD","recipientId":137241}'],
    ["no currency", '{"amount":1,"recipientId":137241}'],
    ["a text as amount", '{"amount":"1","currency":"USD","recipientId":137241}'],
    ["nothing", '{"amount":0,"currency":"USD","recipientId":137241}'],
    ["less than nothing", '{"amount":-1,"currency":"USD","recipientId":137241}'],
    ["three decimals", '{"amount":1.230,"currency":"TND","recipientId":137241}'],
    ["half a yen", '{"amount":1.5,"currency":"JPY","recipientId":137241}'],
    ["a text as id", '{"amount":1,"currency":"USD","recipientId":"137241"}'],
    ["a long description", `{"amount":1,"currency":"USD","recipientId":137241,"description":"${"d".repeat(201)}"}`],
    ["a long reference", `{"amount":1,"currency":"USD","recipientId":137241,"spendbackRef":"${"r".repeat(101)}"}`],
    ["an undocumented member", '{"amount":1,"currency":"USD","recipientId":137241,"reference":"x"}'],
  ])("is refused with %s", async (_what, body) => {
    const nexio = await openNexio();
    const reply = await nexio.api("POST", "/payout/v3/spendback", body);
    expect([reply.status, Object.keys(reply.body)]).toEqual([400, ["error", "message"]]);
    expect(nexio.client.sandbox?.ledger.movements({ provider: "nexio" })).toEqual([]);
  });

  test("fails for lack of funds in words, or as a record by switch", async () => {
    const nexio = await openNexio();
    const words = await nexio.submit("short", { amount: 500.01 });
    expect([words.status, words.text]).toEqual([400, '{"error":435,"message":"Insufficient funds"}']);
    expect(await nexio.moved("short")).toEqual([]);
    await nexio.turn("insufficient-funds", "record");
    const record = await nexio.submit("short", { amount: 500.01 });
    expect(record.body).toMatchObject({ spendbackStatus: 90, providerResponse: { message: "Insufficient funds" } });
    expect(await nexio.moved("short")).toEqual(["debit 137241 50001 USD failed"]);
    expect(await nexio.funds("137241")).toBe(50_000);
  });

  test("fails with the mock amount 12.34, in three ways by switch", async () => {
    const nexio = await openNexio();
    expect((await nexio.submit("mock", { amount: 12.34 })).status).toBe(400);
    await nexio.turn("mock-error", "record");
    expect((await nexio.submit("mock", { amount: 12.34 })).body.spendbackStatus).toBe(90);
    expect((await nexio.list("spendbackRef=mock")).body.rows).toHaveLength(1);
    await nexio.turn("refused-listed", "no");
    expect((await nexio.list("spendbackRef=mock")).body.rows).toEqual([]);
    await nexio.turn("mock-error", "off");
    expect((await nexio.submit("mock", { amount: 12.34 })).body.spendbackStatus).toBe(10);
  });

  test.each([
    ["suspended recipients", { recipientId: 137_245 }, 435],
    ["a sanctioned currency", { currency: "RUB" }, 418],
  ])("is refused for %s", async (_what, more, code) => {
    const nexio = await openNexio();
    const { status, body } = await nexio.submit("refused", more);
    expect([status, body.error]).toEqual([400, code]);
    expect(await nexio.moved("refused")).toEqual([]);
  });

  test.each([
    ["moved", 1],
    ["not-moved", 0],
  ])("says 408 inside a 400 with the money %s", async (value, count) => {
    const nexio = await openNexio();
    await nexio.turn("gateway-timeout", value);
    const { status, text } = await nexio.submit("late");
    expect([status, text]).toEqual([400, '{"error":408,"message":"Gateway timeout"}']);
    expect(await nexio.moved("late")).toHaveLength(count);
  });

  test("moves money again with a repeated reference, as documented, or is refused by switch", async () => {
    const nexio = await openNexio();
    const first = await nexio.submit("same");
    const second = await nexio.submit("same");
    expect(second.body.id).not.toBe(first.body.id);
    await nexio.turn("duplicate-reference", "reject");
    expect((await nexio.submit("same")).status).toBe(400);
    expect(await nexio.moved("same")).toHaveLength(2);
  });
});

test.each(["401", "403"])("wrong credentials are answered with %s, on every path", async (status) => {
  const nexio = await openNexio();
  await nexio.turn("auth-failure", status);
  for (const [method, path] of [
    ["POST", "/payout/v3/spendback"],
    ["GET", "/payout/v3/spendback"],
    ["GET", "/payout/v3/recipient/balance?recipientRef=x"],
    ["GET", "/user/v3/account/whoAmI"],
  ] as const) {
    const reply = await nexio.api(method, path, method === "POST" ? {} : undefined, "Basic bm86bm8=");
    expect(reply.status).toBe(Number(status));
  }
});

test("fifty spendbacks at once never overdraw a recipient", async () => {
  const nexio = await openNexio();
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, n) => nexio.submit(`n${n}`, { recipientId: 137_243, amount: 3 })),
  );
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(13);
  expect(await nexio.funds("137243")).toBe(100);
});
