/** Sipay's transaction search: the sample's row, its filters and days, and each switch for what the documents leave open. */

import { expect, test } from "vitest";
import { compact } from "./client.ts";
import { openSipay } from "./sipay-client.ts";

const DAY_MS = 86_400_000;

const rowsOf = (reply: { body: { payload: { results: Record<string, unknown>[] } } }): Record<string, unknown>[] =>
  reply.body.payload.results;

const idsOf = (reply: Parameters<typeof rowsOf>[0]): unknown[] =>
  rowsOf(reply).map((each) => each["ext_transaction_id"]);

/** The sample's row (B-SUM3), with the sandbox's wallets, type, id and times. */
const sample = compact(`{
"status": 0,
"code": "100",
"message": "İşlem Başarılı",
"payload": {
"results": [
{
"id": "895193944360218100001",
"tenant_id": "5",
"tx_group_correlation_id": "0",
"tx_ref_correlation_id": "0",
"wallet_id": "1250386995",
"transaction_type_id": 9001,
"transaction_type": "Cashback Credit",
"transaction_status_id": 20,
"transaction_status": "NormalCompleted",
"result_code": "Success",
"tx_additional_data_json": "{\\"Message\\":{\\"SenderAccountNumber\\":\\"0153253257047385\\",\\"ReceiverWalletNumber\\":\\"637606074\\"}}",
"created_date_utc": "2025-05-27T07:53:28Z",
"updated_date_utc": "2025-05-27T07:53:28Z",
"completed_date_utc": "2025-05-27T07:53:28Z",
"financial_process_completed_date_utc": null,
"is_financial_process_completed": false,
"to_wallet_id": "637606074",
"tx_base_amount": 5,
"tx_additional_fee": 0,
"tx_amount_with_additional_fee": 5,
"currency_code": "TRY",
"tx_end_user_preview_json": "",
"tx_pre_financial_acquired_record_json": null,
"tx_financial_acquired_record_json": null,
"from_description": "CASH BACK TEST",
"to_description": "CASH BACK TEST",
"tx_description": "",
"kyc_level_id": 40,
"from_account_type_id": 2,
"from_account_id": "ACC00001",
"from_wallet_number": "1250386995",
"from_account_number": "0153253257047385",
"to_account_number": "0637606074",
"to_account_type_id": 1,
"to_account_id": "ACC00002",
"to_wallet_number": "637606074",
"is_need_settlement": false,
"settlement_day": 0,
"ext_transaction_id": "EXT_TXN_00001",
"from_user_kyc_info": null,
"to_user_kyc_info": null
}
]
}
}`);

test("a row is the sample's, byte for byte", async () => {
  const now = Date.parse("2025-05-27T07:53:28.500Z");
  const { give, search } = await openSipay({ now: () => now });
  await give("EXT_TXN_00001", { amount: 5 });
  const reply = await search({ ext_transaction_id: "EXT_TXN_00001", order_by: "asc", page_size: 100 });
  expect(reply.text).toBe(sample);
});

test("without both dates only the last three days are searched, or one by switch", async () => {
  let now = Date.parse("2026-11-05T10:00:00Z");
  const { give, search, turn, client, logIn } = await openSipay({ now: () => now });
  await give("old");
  const dates = { start_date: "2026-11-05T00:00:00Z", end_date: "2026-12-05T00:00:00Z" };
  const found = async (filters: object = {}) => idsOf(await search({ ext_transaction_id: "old", ...filters }));
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    client.token = (await logIn()).body.access_token;
  };
  await pass(DAY_MS + 1);
  expect(await found()).toEqual(["old"]);
  await turn("default-days", 1);
  expect(await found()).toEqual([]);
  await turn("default-days", 3);
  await pass(2 * DAY_MS);
  expect(await found()).toEqual([]);
  expect(await found({ start_date: dates.start_date })).toEqual([]);
  expect(await found(dates)).toEqual(["old"]);
  expect(await found({ ...dates, end_date: "2026-11-05T09:00:00Z" })).toEqual([]);
});

test("filters, order and pages are obeyed, an unknown filter is refused", async () => {
  const { give, search, turn } = await openSipay();
  for (const reference of ["p1", "p2", "p3"]) await give(reference);
  await give("p4", { receiver_wallet_number: "637606075" });
  expect(idsOf(await search({}))).toEqual(["p1", "p2", "p3", "p4"]);
  expect(idsOf(await search({ order_by: "desc", page_size: 2 }))).toEqual(["p4", "p3"]);
  expect(idsOf(await search({ page_size: 3, page_index: 1 }))).toEqual(["p4"]);
  expect(idsOf(await search({ to_wallet_number: "637606075" }))).toEqual(["p4"]);
  expect(idsOf(await search({ from_wallet_number: "1250386996" }))).toEqual([]);
  await turn("first-page", 1);
  expect(idsOf(await search({ page_size: 3, page_index: 1 }))).toEqual(["p1", "p2", "p3"]);
  for (const wrong of [
    { order_column: "" },
    { order_column: "Amount" },
    { page_index: 0 },
    { start_date: "soon" },
    { min_amount: 1 },
  ]) {
    expect((await search(wrong)).status).toBe(400);
  }
});

test("nothing found is an empty list, null, or no payload", async () => {
  const { search, turn } = await openSipay();
  const empty = async (): Promise<string> =>
    (await search({ ext_transaction_id: "none" })).text.replace(/^.*Başarılı"/, "");
  expect(await empty()).toBe(',"payload":{"results":[]}}');
  await turn("empty-lookup", "null");
  expect(await empty()).toBe(',"payload":{"results":null}}');
  await turn("empty-lookup", "absent");
  expect(await empty()).toBe("}");
});

test("a row says any status and result by switch, and completed makes it so", async () => {
  const { give, search, turn, arm, moved } = await openSipay();
  await arm("pending-then-failed", { lookups: 9 });
  await give("said");
  const row = async () => rowsOf(await search({ ext_transaction_id: "said" }))[0];
  await turn("row-status", 77);
  expect(await row()).toMatchObject({ transaction_status_id: 77, transaction_status: "Status77" });
  await turn("row-result", "Reversed");
  expect(await row()).toMatchObject({ result_code: "Reversed" });
  expect(await moved("said")).toEqual(["debit 1250386995 200 TRY pending"]);
  await turn("row-status", 20);
  expect(await row()).toMatchObject({ transaction_status: "NormalCompleted" });
  expect(await moved("said")).toEqual(["debit 1250386995 200 TRY settled"]);
});

test("movements under way and failed ones are hidden by switch", async () => {
  const { give, search, turn, arm } = await openSipay();
  await turn("pending-rows", "hidden");
  await turn("failed-rows", "hidden");
  await arm("pending-then-failed");
  await give("hidden");
  const found = async (): Promise<unknown[]> => idsOf(await search({ ext_transaction_id: "hidden" }));
  expect([await found(), await found()]).toEqual([[], []]);
  await turn("failed-rows", "listed");
  expect(await found()).toEqual(["hidden"]);
});

test("the documents' slips are made by switch: ids as numbers, no JSON, misspelt members, no wallets", async () => {
  const { give, search, turn } = await openSipay();
  await give("slips");
  const text = async (): Promise<string> => (await search({ ext_transaction_id: "slips" })).text;
  await turn("row-id", "number");
  expect(await text()).toContain('"id":895193944360218100001,');
  await turn("spelling", "tables");
  expect(await text()).toMatch(/"massage":.*"from_account_type_Id":2,"from_account_Id":"ACC00001"/);
  await turn("row-wallets", "null");
  expect(await text()).toContain('"from_wallet_number":null,');
  await turn("row-wallet-id", "bare");
  expect(await search({ ext_transaction_id: "slips" })).toMatchObject({
    text: expect.stringContaining('"wallet_id":00000001123456,'),
    body: undefined,
  });
});
