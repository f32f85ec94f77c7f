/** What Mircate's lists mean, page by page: what is noted before a refund, which row is ours after it, what an original was. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { Exchange } from "../../../lib/providers/http.ts";
import type { RefundDraft, RefundOrder } from "../../../lib/providers/port.ts";
import { answered, type ConnectionOptions, connectTo, pageOf, refundOf, rowOf } from "./sample-connection.ts";

const at = "2026-11-05T10:00:00.500Z";

/** A note of these rows, as it is kept; its time is set to `at`. */
async function noteOf(...exchanges: readonly Exchange[]): Promise<string> {
  const note = await connectTo(exchanges).prepare(refundOf(), undefined);
  if (note.kind !== "read") throw new Error(`the note came to ${JSON.stringify(note)}`);
  return JSON.stringify({ ...JSON.parse(note.value), at });
}

const old = rowOf({ transactionId: "old", createdAt: "2026-11-01T10:00:00.000Z" });

async function lookUp(rows: readonly unknown[], changes: Partial<RefundOrder> = {}, options: ConnectionOptions = {}) {
  const order = refundOf({ snapshot: await noteOf(pageOf([old])), ...changes });
  return connectTo([pageOf(rows)], options).lookUp(order, undefined);
}

const settled = {
  kind: "read",
  value: { kind: "found", outcome: { kind: "settled", providerTransactionId: "new" } },
};
const nothing = { kind: "read", value: { kind: "nothing" } };
const contradiction = { kind: "read", value: { kind: "contradiction" } };

/** Every way in which a list is not read. */
const failures: readonly (readonly [Exchange, string])[] = [
  [answered(403, ""), "session-rejected"],
  [answered(204, ""), "unavailable"],
  [answered(400, '{"code":"VALIDATION"}'), "unavailable"],
  [answered(401, ""), "unavailable"],
  [answered(429, ""), "unavailable"],
  [answered(500, "{}"), "unavailable"],
  [answered(570, ""), "unavailable"],
  [answered(200, ""), "unavailable"],
  [answered(200, "{"), "unavailable"],
  [answered(200, "[]"), "unavailable"],
  [answered(200, '{"transactions":null,"total":0}'), "unavailable"],
  [answered(200, '{"transactions":[]}'), "unavailable"],
  [answered(200, '{"transactions":[],"total":-1}'), "unavailable"],
  [{ kind: "in-doubt", detail: "ECONNRESET" }, "unavailable"],
  [{ kind: "not-sent", detail: "ECONNREFUSED" }, "unavailable"],
];

test.each(failures)("a list that comes to %j is %s, for every call that reads", async (exchange, kind) => {
  const refunds = connectTo([exchange]);
  expect((await refunds.prepare(refundOf(), undefined)).kind).toBe(kind);
  expect((await refunds.lookUp(refundOf(), undefined)).kind).toBe(kind);
  expect((await refunds.remaining(refundOf(), undefined)).kind).toBe(kind);
});

describe("the row of ours", () => {
  test.each<[string, Record<string, unknown>]>([
    ["the documented members", {}],
    ["the original named", { refundedTransactionId: "spent-100" }],
    ["no original", { refundedTransactionId: null }],
    ["a negative amount", { amount: -5_000 }],
    ["the very moment of the note", { createdAt: at }],
    ["the note's second", { createdAt: "2026-11-05T10:00:00Z" }],
    ["another zone", { createdAt: "2026-11-05T13:00:01+03:00" }],
    ["a time that nobody can read", { createdAt: "05.11.2026 13:00" }],
    ["a local time without a zone", { createdAt: "2026-11-05T13:00:01" }],
    ["no time", { createdAt: undefined }],
    ["a number as time", { createdAt: 1_793_872_801_000 }],
  ])("is found with %s", async (_, changes) => {
    expect(await lookUp([old, rowOf(changes)])).toMatchObject(settled);
  });

  test.each<[string, Record<string, unknown>]>([
    ["another amount", { amount: 4_999 }],
    ["the amount in another unit", { amount: 50 }],
    ["no amount", { amount: undefined }],
    ["an amount that is no whole number", { amount: "5000.0" }],
    ["a time before the note", { createdAt: "2026-11-05T10:00:00.499Z" }],
    ["the second before the note", { createdAt: "2026-11-05T09:59:59Z" }],
    ["a time long after the call", { createdAt: "2026-11-05T10:02:01.000Z" }],
  ])("is an operator's with %s", async (_, changes) => {
    expect(await lookUp([old, rowOf(changes)])).toMatchObject(contradiction);
    expect(await lookUp([old, rowOf({ refundedTransactionId: "spent-100", ...changes })])).toMatchObject(contradiction);
  });

  test.each<[string, readonly object[]]>([
    ["two that fit", [rowOf(), rowOf({ transactionId: "new-2" })]],
    ["one that fits and one that does not", [rowOf(), rowOf({ transactionId: "new-2", amount: 1 })]],
    [
      "one that names the original and one that names none",
      [rowOf({ refundedTransactionId: "spent-100" }), rowOf({ transactionId: "new-2" })],
    ],
  ])("is an operator's among %s", async (_, rows) => {
    expect(await lookUp([old, ...rows])).toMatchObject(contradiction);
  });

  test.each<[string, Record<string, unknown>]>([
    ["a refund of another payment", { refundedTransactionId: "spent-60" }],
    ["a payment", { type: "SPENT" }],
    ["a top-up", { type: "LOADED" }],
    ["points", { type: "EARNED" }],
    ["a correction", { type: "FIX" }],
    ["an opening", { type: "INITIALIZED" }],
  ])("is not %s, which is left aside", async (_, changes) => {
    const other = rowOf({ transactionId: "other", ...changes });
    expect(await lookUp([old, other])).toStrictEqual(nothing);
    expect(await lookUp([other, rowOf(), old])).toMatchObject(settled);
  });

  test.each(["REFUND_REQUESTED", "refunded", ""])("with the type %j is found, and unknown", async (type) => {
    expect(await lookUp([old, rowOf({ type })])).toMatchObject({
      value: { kind: "found", outcome: { kind: "unknown" } },
    });
  });

  test("has not come while the list is as it was", async () => {
    expect(await lookUp([old])).toStrictEqual(nothing);
    expect(await lookUp([])).toStrictEqual(nothing);
  });

  test("is found in major units where the connection says so", async () => {
    const major = { amountUnit: "major" } as const;
    expect(await lookUp([old, rowOf({ amount: 50 })], {}, major)).toMatchObject(settled);
    expect(await lookUp([old, rowOf()], {}, major)).toMatchObject(contradiction);
  });

  test.each([
    ["there is no note", undefined],
    ["the note is none", "{"],
    ["the note names no rows", JSON.stringify({ at, total: 3 })],
    ["the note has no time", JSON.stringify({ total: 0, known: "" })],
  ])("cannot be told where %s: an operator's, row or no row", async (_, snapshot) => {
    const { snapshot: __, ...order } = refundOf();
    const noted = { ...order, ...(snapshot !== undefined && { snapshot }) };
    for (const rows of [[], [rowOf()]]) {
      expect(await connectTo([pageOf(rows)]).lookUp(noted, undefined)).toMatchObject(contradiction);
    }
  });
});

describe("a refund whose id is known", () => {
  const known = { providerTransactionId: "new" };
  const { snapshot: _, ...bare } = refundOf();
  const lookUpKnown = (...rows: readonly unknown[]) =>
    connectTo([pageOf(rows)]).lookUp({ ...bare, ...known }, undefined);

  test("is found by it, whatever else is there", async () => {
    expect(await lookUpKnown(old, rowOf({ transactionId: "new-2" }), rowOf())).toMatchObject(settled);
    expect(await lookUp([rowOf()], known, { sharedAccounts: true })).toMatchObject(settled);
  });

  test("is not found among others", async () => {
    expect(await lookUpKnown(old, rowOf({ transactionId: "new-2" }))).toStrictEqual(nothing);
    expect(await connectTo([pageOf([old], { total: 2 })]).lookUp({ ...bare, ...known }, undefined)).toMatchObject({
      kind: "unavailable",
    });
  });

  test.each([[{ amount: 1 }], [{ refundedTransactionId: "spent-60" }], [{ type: "SPENT" }]])(
    "contradicts with %j",
    async (changes) => {
      expect(await lookUpKnown(rowOf(changes))).toMatchObject(contradiction);
    },
  );
});

describe("the note", () => {
  const many = (count: number, name = "row") =>
    Array.from({ length: count }, (_, n) => rowOf({ transactionId: `${name}-${n}` }));

  test("has the time, the total and 8 characters for each row", async () => {
    const note = JSON.parse(await noteOf(pageOf(many(3))));
    expect(note).toStrictEqual({ at, total: 3, known: expect.stringMatching(/^[\w-]{24}$/) });
    expect(JSON.parse(await noteOf(pageOf([])))).toStrictEqual({ at, total: 0, known: "" });
  });

  test("has the time after the list was read", async () => {
    const before = Date.now();
    const note = await connectTo([pageOf([])]).prepare(refundOf(), undefined);
    const time = Date.parse(JSON.parse(note.kind === "read" ? note.value : "").at);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  test("goes over all pages, and asks from where it stands", async () => {
    const bodies: unknown[] = [];
    const rows = many(7);
    const pages = [rows.slice(0, 3), rows.slice(3, 6), rows.slice(6)].map((each) => pageOf(each, { total: 7 }));
    const refunds = connectTo(pages, {}, ({ body }) => bodies.push(JSON.parse(body ?? "").from));
    const note = await refunds.prepare(refundOf(), undefined);
    expect(JSON.parse(note.kind === "read" ? note.value : "")).toMatchObject({
      total: 7,
      known: expect.stringMatching(/^[\w-]{56}$/),
    });
    expect(bodies).toStrictEqual([0, 3, 6]);
  });

  test.each<[string, readonly Exchange[]]>([
    ["pages end early", [pageOf(many(3), { total: 5 }), pageOf([], { total: 5 })]],
    ["the same page comes again", [pageOf(many(3), { total: 6 })]],
    ["a row has no id", [pageOf([...many(2), { type: "REFUNDED" }])]],
    ["a row is none", [pageOf([...many(2), null])]],
    ["Mircate knows no such record", [answered(404, '{"message":"Record Not Found"}')]],
  ])("names no rows where %s: the refund may go, but not be told in doubt", async (_, exchanges) => {
    expect(JSON.parse(await noteOf(...exchanges))).not.toHaveProperty("known");
    const order = refundOf({ snapshot: await noteOf(pageOf([])) });
    expect(await connectTo(exchanges).lookUp(order, undefined)).toMatchObject({ kind: "unavailable" });
  });

  test("names no rows of an account with more refunds than can be read", async () => {
    let calls = 0;
    const endless = connectTo(
      Array.from({ length: 60 }, (_, page) => pageOf(many(50, `page-${page}`), { total: 3_000 })),
      {},
      () => {
        calls += 1;
      },
    );
    const note = await endless.prepare(refundOf(), undefined);
    expect(JSON.parse(note.kind === "read" ? note.value : "")).toStrictEqual({ at: expect.any(String), total: 3_000 });
    expect(calls).toBe(40);
  });

  test("stays far below 100 kB, and names no rows where it would not", async () => {
    const largest = Array.from({ length: 40 }, (_, page) => pageOf(many(50, `page-${page}`), { total: 2_000 }));
    expect((await noteOf(...largest)).length).toBeLessThan(17_000);
    expect(JSON.parse(await noteOf(pageOf(many(12_000))))).not.toHaveProperty("known");
  });

  test("is not taken of a list that changes while it is read", async () => {
    const refunds = connectTo([pageOf(many(3), { total: 5 }), pageOf(many(3, "next"), { total: 6 })]);
    expect(await refunds.prepare(refundOf(), undefined)).toMatchObject({ kind: "unavailable" });
  });
});

describe("what an original was", () => {
  const payment = (changes: Record<string, unknown> = {}) =>
    rowOf({ transactionId: "spent-100", type: "SPENT", amount: 10_000, ...changes });
  const draft: RefundDraft = refundOf();

  const read = (value: number, currency = "TRY") => ({ kind: "read", value: { value, currency } });
  const unknown = { kind: "read", value: undefined };

  test.each([
    ["a positive amount", 10_000],
    ["a negative amount", -10_000],
  ])("is told by %s", async (_, amount) => {
    expect(await connectTo([pageOf([payment({ amount })])]).remaining(draft, undefined)).toStrictEqual(read(10_000));
  });

  test("is in minor units, whatever the connection's unit", async () => {
    const refunds = connectTo([pageOf([payment({ amount: 100 })])], { amountUnit: "major" });
    expect(await refunds.remaining(draft, undefined)).toStrictEqual(read(10_000));
  });

  test("is in the currency of the amount, else of the account, else of the connection, and else not known", async () => {
    const { amount: _, ...rest } = draft;
    const page = [pageOf([payment()])];
    const wallet = { walletId: "wallet-alice", currency: "USD" };
    expect(await connectTo(page, { currency: "EUR" }).remaining(draft, undefined)).toStrictEqual(read(10_000));
    expect(await connectTo(page, { currency: "EUR" }).remaining({ ...rest, account: wallet }, undefined)).toStrictEqual(
      read(10_000, "USD"),
    );
    expect(await connectTo(page, { currency: "EUR" }).remaining(rest, undefined)).toStrictEqual(read(10_000, "EUR"));
    expect(await connectTo([]).remaining(rest, undefined)).toStrictEqual(unknown);
  });

  test("is looked for without a search where the search finds nothing", async () => {
    const filters: unknown[] = [];
    const refunds = connectTo([pageOf([]), pageOf([payment({ transactionId: "x" }), payment()])], {}, ({ body }) =>
      filters.push(...JSON.parse(body ?? "").filters),
    );
    expect(await refunds.remaining(draft, undefined)).toStrictEqual(read(10_000));
    expect(filters).toStrictEqual([{ type: "SPENT", search: "spent-100" }, { type: "SPENT" }]);
  });

  test("is found before the last page, and no further page is asked for", async () => {
    let calls = 0;
    const refunds = connectTo([pageOf([payment()], { total: 900 })], {}, () => {
      calls += 1;
    });
    expect(await refunds.remaining(draft, undefined)).toStrictEqual(read(10_000));
    expect(calls).toBe(1);
  });

  test.each<[string, readonly Exchange[]]>([
    ["nothing is found", [pageOf([])]],
    ["Mircate knows no such record", [answered(404, "")]],
    ["the row is no payment", [pageOf([payment({ type: "LOADED" })])]],
    ["the id only begins like the original's", [pageOf([payment({ transactionId: "spent-1000" })])]],
    ["the amount cannot be read", [pageOf([payment({ amount: "ten" })])]],
    ["the row has no amount", [pageOf([payment({ amount: undefined })])]],
  ])("is not known where %s", async (_, exchanges) => {
    expect(await connectTo(exchanges).remaining(draft, undefined)).toStrictEqual(unknown);
  });

  test("is not looked for without end", async () => {
    let calls = 0;
    const endless = (_: unknown, page: number) => pageOf([payment({ transactionId: `x-${page}` })], { total: 100_000 });
    const refunds = connectTo(Array.from({ length: 80 }, endless), {}, () => {
      calls += 1;
    });
    expect(await refunds.remaining(draft, undefined)).toStrictEqual(unknown);
    expect(calls).toBe(50);
  });
});

test("the amount that is compared is the order's, in its own currency's major unit", async () => {
  const order = { amount: amountOf(1_999, "JPY") };
  expect(await lookUp([old, rowOf({ amount: 1_999 })], order, { amountUnit: "major" })).toMatchObject(settled);
});
