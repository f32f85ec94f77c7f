/** What Sipay's transaction search means. The row is the dossier's, made ours by reference, amount and wallets. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { CashbackOrder } from "../../../lib/providers/port.ts";
import { connectTo, orderOf } from "./sample-connection.ts";

function lookUp(text: string, order: CashbackOrder = orderOf(), status = 200) {
  return connectTo({ kind: "answered", status, text }).cashback.lookUp(order, "token");
}

/** Each value as JSON; undefined leaves the member out. */
const row = (members: Readonly<Record<string, string | undefined>> = {}) => {
  const given = {
    id: '"TXN0000000000000001"',
    transaction_type_id: "3004",
    transaction_status_id: "20",
    transaction_status: '"NormalCompleted"',
    result_code: '"Success"',
    tx_base_amount: "2",
    currency_code: '"TRY"',
    from_wallet_number: '"1250386995"',
    from_account_number: '"0153253257047385"',
    to_wallet_number: '"637606074"',
    ext_transaction_id: '"txn_01jf8z3k5w9q7r2m4n6p8s0t1v"',
    ...members,
  };
  const written = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${value}`]));
  return `{${written.join(",")}}`;
};

const stranger = row({ ext_transaction_id: '"EXT_TXN_00001"' });

const payload = (text: string) => `{"status":0,"code":"100","message":"İşlem Başarılı","payload":${text}}`;

const found = (...rows: readonly string[]) => payload(`{"results":[${rows.join(",")}]}`);

const outcome = (kind: string) => ({ kind: "read", value: { kind: "found", outcome: { kind } } });

const nothing = { kind: "read", value: { kind: "nothing" } };

const contradiction = { kind: "read", value: { kind: "contradiction" } };
const duplicate = { kind: "read", value: { kind: "duplicate" } };

describe("a row", () => {
  test("that is ours, completed and successful is settled", async () => {
    expect(await lookUp(found(row()))).toStrictEqual({
      kind: "read",
      value: {
        kind: "found",
        outcome: {
          kind: "settled",
          detail: 'status 20 "NormalCompleted", result "Success"',
          providerTransactionId: "TXN0000000000000001",
        },
      },
    });
  });

  test("keeps a number beyond 2^53 as its id", async () => {
    const reading = await lookUp(found(row({ id: "895193944360218541069" })));
    expect(reading).toMatchObject({ value: { outcome: { providerTransactionId: "895193944360218541069" } } });
  });

  test.each([
    ["no wallets", { from_wallet_number: undefined, to_wallet_number: "null", from_account_number: '""' }],
    ["no id", { id: "null" }],
    ["no numeric status", { transaction_status_id: undefined }],
    ["an amount of six decimals", { tx_base_amount: "2.000000" }],
    ["an amount in a text", { tx_base_amount: '"2.00"' }],
    ["a currency in small letters", { currency_code: '"try"' }],
    ["a member that the tables misspell", { from_account_type_Id: "2" }],
  ])("is settled with %s", async (_, members) => {
    expect(await lookUp(found(row(members)))).toMatchObject(outcome("settled"));
  });

  test.each([
    [{ transaction_status_id: "10", transaction_status: '"Pending"', result_code: "null" }, "accepted"],
    [{ transaction_status_id: "10", transaction_status: '"NormalCompleted"' }, "unknown"],
    [{ transaction_status_id: "40", transaction_status: '"CancelCompleted"' }, "unknown"],
    [{ transaction_status_id: "60", transaction_status: '"RefundCompleted"' }, "unknown"],
    [{ transaction_status_id: "30", transaction_status: '"NormalCompleted"' }, "unknown"],
    [{ transaction_status: '"Completed"' }, "unknown"],
    [{ transaction_status: "null" }, "unknown"],
    [{ transaction_status: '"Failed"', result_code: '"Failed"', transaction_status_id: "90" }, "unknown"],
    [{ result_code: '"Failed"' }, "unknown"],
    [{ result_code: "null" }, "unknown"],
    [{ result_code: undefined, transaction_status: undefined, transaction_status_id: undefined }, "unknown"],
  ])("with %j is %s", async (members, kind) => {
    expect(await lookUp(found(row(members)))).toMatchObject(outcome(kind));
  });

  test.each([
    { tx_base_amount: "2.01" },
    { tx_base_amount: "200" },
    { currency_code: '"USD"' },
    { from_wallet_number: '"1"' },
    { from_account_number: '"1"' },
    { to_wallet_number: '"1"' },
  ])("under our reference with %j is a contradiction", async (members) => {
    expect(await lookUp(found(row(members)))).toMatchObject(contradiction);
  });

  test("is compared with the order's own sender", async () => {
    const sender = { accountNumber: "1", walletNumber: "2" };
    expect(await lookUp(found(row()), orderOf({ sender }))).toMatchObject(contradiction);
    const own = row({ from_wallet_number: '"2"', from_account_number: '"1"' });
    expect(await lookUp(found(own), orderOf({ sender }))).toMatchObject(outcome("settled"));
  });

  test("of a currency without cents is compared by its own digits", async () => {
    const order = orderOf({ amount: amountOf(2, "JPY") });
    expect(await lookUp(found(row({ currency_code: '"JPY"' })), order)).toMatchObject(outcome("settled"));
  });
});

describe("the rows found", () => {
  test("are ours only under exactly our reference", async () => {
    expect(await lookUp(found(stranger, row(), stranger))).toMatchObject(outcome("settled"));
    expect(await lookUp(found(stranger))).toStrictEqual(nothing);
    expect(await lookUp(found(row({ ext_transaction_id: '"TXN_01JF8Z3K5W9Q7R2M4N6P8S0T1V"' })))).toStrictEqual(nothing);
  });

  test("that are others' need not be readable", async () => {
    expect(await lookUp(found("null", "7", "{}", row()))).toMatchObject(outcome("settled"));
  });

  test("are a duplicate when two are ours", async () => {
    expect(await lookUp(found(row(), row({ transaction_status: '"Failed"' })))).toMatchObject(duplicate);
  });

  test.each([
    found(),
    payload("null"),
    payload("[]"),
    payload('{"results":null}'),
    payload('[{"results":[]}]'),
    '{"status":0,"code":"100"}',
  ])("are none in %s", async (text) => {
    expect(await lookUp(text)).toStrictEqual(nothing);
  });

  test("leave open what lies behind a full page", async () => {
    const others = Array.from({ length: 99 }, () => stranger);
    expect(await lookUp(found(...others))).toStrictEqual(nothing);
    expect((await lookUp(found(...others, stranger))).kind).toBe("unavailable");
    expect((await lookUp(found(...others, row()))).kind).toBe("unavailable");
  });

  test.each([
    ["an own row without an amount", found(row({ tx_base_amount: undefined }))],
    ["an own row without a currency", found(row({ currency_code: "null" }))],
    ["a payload without results", payload('{"rows":[]}')],
    ["two payloads", payload('[{"results":[]},{"results":[]}]')],
    ["results that are no list", payload('{"results":{}}')],
    ["a text", payload('"none"')],
    ["an id that is not JSON, as one sample prints it", found(row({ wallet_id: "00000001123456" }))],
    ["half a text", found(row()).slice(0, 90)],
    ["an error's code", '{"status":2,"code":"300","message":"Cüzdan bulunamadı!"}'],
    ["the code of a duplicate", '{"status":2,"code":"301","message":""}'],
    ["a success's code with another status", '{"status":1,"code":"100","payload":{"results":[]}}'],
  ])("are not read with %s", async (_, text) => {
    expect((await lookUp(text)).kind).toBe("unavailable");
  });

  test.each([301, 400, 404, 429, 500, 503])("are not read with HTTP %d", async (status) => {
    expect((await lookUp(found(row()), orderOf(), status)).kind).toBe("unavailable");
  });

  test.each([401, 403])("ask for another session with HTTP %d", async (status) => {
    expect((await lookUp("", orderOf(), status)).kind).toBe("session-rejected");
  });
});
