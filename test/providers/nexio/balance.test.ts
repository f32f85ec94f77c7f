/** What Nexio's answers to a balance call mean. */
import { describe, expect, test } from "vitest";
import type { Exchange } from "../../../lib/providers/http.ts";
import { answered, type ConnectionOptions, connectTo, jane } from "./sample-connection.ts";

describe("a balance", () => {
  const balanceOf = (exchange: Exchange, options: ConnectionOptions = {}, currency = "USD") =>
    connectTo([exchange], options).balance({ account: jane.ref, currency }, undefined);
  const row = (amount: string, currency = "USD", providerId = '"12610"') =>
    `{"recipientId":137241,"amount":${amount},"currency":"${currency}","providerId":${providerId},"providerType":10}`;
  const balances = (...rows: readonly string[]) =>
    answered(200, `{"recipientRef":"${jane.ref}","recipientBalances":[${rows.join(",")}]}`);
  const read = (value: number, currency = "USD") => ({ kind: "read", value: { value, currency } });

  test.each([
    ["500.00", 50_000],
    ["500", 50_000],
    ['"500.00"', 50_000],
    ["0", 0],
    ["-1.5", -150],
  ])("is read from %s", async (amount, value) => {
    expect(await balanceOf(balances(row(amount)))).toStrictEqual(read(value));
  });

  test("is the one in the currency asked for", async () => {
    const exchange = balances(row("1", "EUR"), row("2"), row("3", "JPY"));
    expect(await balanceOf(exchange)).toStrictEqual(read(200));
    expect(await balanceOf(exchange, {}, "JPY")).toStrictEqual(read(3, "JPY"));
  });

  test("is that of the connection's provider account", async () => {
    const exchange = balances(row("40"), row("60", "USD", "12611"));
    expect(await balanceOf(exchange, { providerId: 12_610 })).toStrictEqual(read(4_000));
    expect(await balanceOf(exchange, { providerId: 12_611 })).toStrictEqual(read(6_000));
    expect(await balanceOf(exchange, { providerId: 7 })).toMatchObject({ kind: "refused", code: "account_not_found" });
  });

  test("is the largest, never the sum, where nobody says which account pays", async () => {
    expect(await balanceOf(balances(row("40"), row("60"), row("50")))).toStrictEqual(read(6_000));
  });

  test.each([
    ["other currencies only", balances(row("1", "EUR"))],
    ["no rows", balances()],
  ])("is refused with %s", async (_, exchange) => {
    expect(await balanceOf(exchange)).toMatchObject({ kind: "refused", code: "account_not_found" });
  });

  test("is refused where Nexio does not know the recipient", async () => {
    expect(await balanceOf(answered(404, '{"error":404,"message":"Not found"}'))).toMatchObject({
      kind: "refused",
      code: "recipient_not_found",
    });
  });

  test.each([
    [answered(401, ""), "session-rejected"],
    [answered(403, ""), "session-rejected"],
    [answered(404, "<html>no such path</html>"), "unavailable"],
    [answered(400, '{"error":400,"message":"x"}'), "unavailable"],
    [answered(429, ""), "unavailable"],
    [answered(500, ""), "unavailable"],
    [answered(200, "{"), "unavailable"],
    [answered(200, '{"recipientBalances":null}'), "unavailable"],
    [balances(row("0.005")), "unavailable"],
    [balances(row("40"), row("0.005")), "unavailable"],
    [balances(row("null")), "unavailable"],
    [{ kind: "in-doubt", detail: "ECONNRESET" }, "unavailable"],
  ] satisfies [Exchange, string][])("that fails with %j is %s", async (exchange, kind) => {
    expect((await balanceOf(exchange)).kind).toBe(kind);
  });
});
