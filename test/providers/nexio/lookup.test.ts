/** What Nexio's answers to lookups mean: by id, and by reference page by page. */
import { describe, expect, test } from "vitest";
import type { Exchange } from "../../../lib/providers/http.ts";
import type { SpendbackOrder } from "../../../lib/providers/port.ts";
import { pageOf, recordOf } from "./sample-answers.ts";
import { answered, connectTo, jane, orderOf, refundOf } from "./sample-connection.ts";

const lookUp = (texts: readonly string[], order: SpendbackOrder = orderOf()) =>
  connectTo(texts.map((text) => answered(200, text))).spendback.lookUp(order, undefined);

const nothing = { kind: "read", value: { kind: "nothing" } };
const settled = { kind: "read", value: { kind: "found", outcome: { kind: "settled", providerTransactionId: "2598" } } };
const contradiction = { kind: "read", value: { kind: "contradiction" } };
const duplicate = { kind: "read", value: { kind: "duplicate" } };

/** A row of somebody else. */
const other = recordOf({ id: "1", spendbackRef: '"another"' });
const others = (count: number) => Array.from({ length: count }, () => other);

describe("a list by reference", () => {
  test("finds the one record", async () => {
    expect(await lookUp([pageOf([recordOf()])])).toMatchObject(settled);
  });

  test.each([
    ["10", "accepted"],
    ["30", "accepted"],
    ["40", "declined"],
    ["50", "canceled"],
    ["90", "declined"],
    ["77", "unknown"],
  ])("finds the status %s %s", async (status, kind) => {
    expect(await lookUp([pageOf([recordOf({ spendbackStatus: status })])])).toMatchObject({
      value: { kind: "found", outcome: { kind } },
    });
  });

  test.each([
    ["no rows", pageOf([])],
    ["rows of others only", pageOf([other, "null", "7", "{}", recordOf({ spendbackRef: "null" })])],
    ["a reference that only begins like ours", pageOf([recordOf({ spendbackRef: `"${orderOf().reference}-2"` })])],
    ["a reference in capitals", pageOf([recordOf({ spendbackRef: `"${orderOf().reference.toUpperCase()}"` })])],
  ])("finds nothing in %s", async (_, text) => {
    expect(await lookUp([text])).toStrictEqual(nothing);
  });

  test("finds nothing where Nexio says so in its own words", async () => {
    const { spendback } = connectTo([answered(404, '{"error":404,"message":"Not found"}')]);
    expect(await spendback.lookUp(orderOf(), undefined)).toStrictEqual(nothing);
  });

  test.each([
    ["two records", [recordOf(), recordOf({ id: "2599" })]],
    ["the same record twice", [recordOf(), recordOf()]],
    ["a second record of another amount", [recordOf(), recordOf({ id: "2599", amount: "14.84" })]],
  ])("is a duplicate with %s", async (_, rows) => {
    expect(await lookUp([pageOf(rows)])).toMatchObject(duplicate);
  });

  test.each([
    ["another amount", [recordOf({ amount: "14.84" })]],
    ["another currency", [recordOf({ currency: '"EUR"' })]],
    ["another recipient", [recordOf({ recipientId: "137242" })]],
    ["no recipient", [recordOf({ recipientId: "null" })]],
  ])("is a contradiction with %s", async (_, rows) => {
    expect(await lookUp([pageOf(rows)])).toMatchObject(contradiction);
  });

  test("is a contradiction with another ref than the order's second name for the recipient", async () => {
    expect(
      await lookUp([pageOf([recordOf()])], orderOf({ recipient: { id: jane.id, ref: "rcp-erik" } })),
    ).toMatchObject(contradiction);
  });

  test("goes on to the page that has the record", async () => {
    expect(await lookUp([pageOf(others(10), true), pageOf([other, recordOf()])])).toMatchObject(settled);
  });

  test("finds a second record on a later page", async () => {
    expect(await lookUp([pageOf([recordOf()], true), pageOf([], true), pageOf([])])).toMatchObject({
      kind: "unavailable",
    });
    expect(await lookUp([pageOf([recordOf()], true), pageOf([recordOf({ id: "2599" })])])).toMatchObject(duplicate);
  });

  test("skips as many rows as it has seen", async () => {
    const urls: string[] = [];
    const texts = [pageOf(others(3), true), pageOf(others(4), true), pageOf([recordOf()])];
    const exchanges = texts.map((text) => answered(200, text));
    const { spendback } = connectTo(exchanges, {}, (url) => urls.push(url));
    expect(await spendback.lookUp(orderOf(), undefined)).toMatchObject(settled);
    expect(urls.map((url) => new URL(url).searchParams.get("offset"))).toStrictEqual(["0", "3", "7"]);
  });

  test("takes a page that is not full for the last where nothing is said of more", async () => {
    expect(await lookUp([pageOf([recordOf()], null), "nobody asks"])).toMatchObject(settled);
    expect(await lookUp([pageOf(others(10), null), pageOf([recordOf()], null)])).toMatchObject(settled);
  });

  test("that never ends is not read", async () => {
    expect(await lookUp([pageOf(others(10), true)])).toMatchObject({ kind: "unavailable" });
    expect(await lookUp([pageOf([], true)])).toMatchObject({ kind: "unavailable" });
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    "{}",
    '{"rows":null}',
    '{"rows":[],"hasMore":"no"}',
    pageOf([recordOf({ amount: '"x"' })]),
  ])("that cannot be read (%j) is not read", async (text) => {
    expect(await lookUp([text])).toMatchObject({ kind: "unavailable" });
  });

  test.each([
    [answered(401, ""), "session-rejected"],
    [answered(403, ""), "session-rejected"],
    [answered(400, '{"error":400,"message":"Invalid startDate"}'), "unavailable"],
    [answered(404, "<html>"), "unavailable"],
    [answered(429, ""), "unavailable"],
    [answered(500, pageOf([recordOf()])), "unavailable"],
    [{ kind: "in-doubt", detail: "ECONNRESET" }, "unavailable"],
    [{ kind: "not-sent", detail: "ECONNREFUSED" }, "unavailable"],
  ] satisfies [Exchange, string][])("that fails with %j is %s, for spendbacks and refunds", async (exchange, kind) => {
    const { spendback, refund } = connectTo([exchange]);
    expect((await spendback.lookUp(orderOf(), undefined)).kind).toBe(kind);
    expect((await refund.lookUp(refundOf(), undefined)).kind).toBe(kind);
  });
});

describe("a view by id", () => {
  const order = orderOf({ providerTransactionId: "2598" });

  test("finds the record", async () => {
    expect(await lookUp([recordOf()], order)).toMatchObject(settled);
  });

  test.each([
    ["reference", { spendbackRef: '"another"' }],
    ["amount", { amount: "1483" }],
    ["recipient", { recipientId: "1" }],
  ])("is a contradiction with another %s", async (_, changes) => {
    expect(await lookUp([recordOf(changes)], order)).toMatchObject(contradiction);
  });

  test.each(['{"error":404,"message":"Not found"}', "<html>no such path</html>"])(
    "that is not there (%s) leaves it to the list",
    async (text) => {
      const { spendback } = connectTo([answered(404, text), answered(200, pageOf([recordOf()]))]);
      expect(await spendback.lookUp(order, undefined)).toMatchObject(settled);
    },
  );

  test.each([
    [answered(200, "{"), "unavailable"],
    [answered(200, ""), "unavailable"],
    [answered(200, pageOf([recordOf()])), "unavailable"],
    [answered(401, ""), "session-rejected"],
    [answered(500, recordOf()), "unavailable"],
    [{ kind: "in-doubt", detail: "ECONNRESET" }, "unavailable"],
  ] satisfies [Exchange, string][])("that fails with %j is %s, and the list is not asked", async (exchange, kind) => {
    const { spendback } = connectTo([exchange, answered(200, pageOf([recordOf()]))]);
    expect((await spendback.lookUp(order, undefined)).kind).toBe(kind);
  });
});

describe("a refund's lookup", () => {
  const row = (changes: Record<string, string> = {}) =>
    recordOf({ id: "2600", spendbackRef: '"txn_refund"', amount: "5.00", ...changes });
  const lookUpRefund = (...rows: readonly string[]) =>
    connectTo([answered(200, pageOf(rows))]).refund.lookUp(refundOf(), undefined);

  test("finds the record under its own reference", async () => {
    expect(await lookUpRefund(row())).toMatchObject({
      value: { kind: "found", outcome: { kind: "settled", providerTransactionId: "2600" } },
    });
    expect(await lookUpRefund(row({ spendbackStatus: "10" }))).toMatchObject({
      value: { kind: "found", outcome: { kind: "accepted" } },
    });
  });

  test("finds nothing where refunds are not listed, which proves nothing", async () => {
    expect(await lookUpRefund()).toStrictEqual(nothing);
  });

  test.each([
    ["the original", [row({ id: "2598" })]],
    ["another amount", [row({ amount: "14.83" })]],
    ["another currency", [row({ currency: '"EUR"' })]],
  ])("is a contradiction with %s under its reference", async (_, rows) => {
    expect(await lookUpRefund(...rows)).toMatchObject(contradiction);
  });

  test("is a duplicate with two records under its reference", async () => {
    expect(await lookUpRefund(row(), row({ id: "2601" }))).toMatchObject(duplicate);
  });
});
