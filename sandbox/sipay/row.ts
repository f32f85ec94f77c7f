/** A row of Sipay's transaction search, member for member as the sample prints it (contract, section 6). */

import { toDecimal } from "../decimals.ts";
import { jsonNumber } from "../json.ts";
import type { Movement } from "../movement.ts";
import type { World } from "../provider.ts";
import { transactionIdOf } from "./transaction-id.ts";
import { accountNumberOf, findWallet } from "./wallets.ts";

/** 20 is documented, 10 as a filter's value, 90 and its words are the sandbox's own: the documents name no failure. */
const STATES = {
  pending: { id: 10, status: "Pending", result: "Pending" },
  settled: { id: 20, status: "NormalCompleted", result: "Success" },
  failed: { id: 90, status: "Failed", result: "Failed" },
} as const;

const COMPLETED = 20;

/** The code of a cashback is not public: these are the sandbox's own. */
const TYPES: Readonly<Record<string, readonly [number, string]>> = {
  CashBackCredit: [9001, "Cashback Credit"],
  CashBack: [9002, "Cashback"],
};

/** Not a JSON number: a zero leads. */
const BARE_WALLET_ID = "00000001123456";

/** Whether movements under way, or failed ones, are found is not documented: two switches say. */
export const isListed = ({ switchValue }: World, { status }: Movement): boolean =>
  status === "settled" || switchValue(status === "pending" ? "pending-rows" : "failed-rows") === "listed";

export const rowText = (world: World, movement: Movement): string => {
  const { switchValue } = world;
  const text = JSON.stringify(toRow(world, movement));
  const spelt = switchValue("spelling") === "tables" ? text.replace(/_account_(type_)?id"/g, '_account_$1Id"') : text;
  return switchValue("row-wallet-id") === "bare"
    ? spelt.replace(/"wallet_id":"\d+"/, `"wallet_id":${BARE_WALLET_ID}`)
    : spelt;
};

const toRow = (world: World, movement: Movement): object => {
  const { account, amount, at, details = {}, reference } = movement;
  const { ledger, switchValue } = world;
  const { id, status, result } = stateOf(world, movement);
  const [typeId, type] = TYPES[details["method"] ?? ""] ?? [0, ""];
  const receiver = details["receiver"] ?? "";
  const transactionId = transactionIdOf(movement);
  const time = `${at.slice(0, 19)}Z`;
  const named = (text: string): string | null => (switchValue("row-wallets") === "named" ? text : null);
  const accountOf = (wallet: string): string => {
    const found = findWallet(ledger, wallet);
    return found ? accountNumberOf(found) : "";
  };
  const base = wholeOrDecimal(toDecimal(amount.value, amount.currency));
  return {
    id: switchValue("row-id") === "number" ? jsonNumber(transactionId) : transactionId,
    tenant_id: "5",
    tx_group_correlation_id: "0",
    tx_ref_correlation_id: "0",
    wallet_id: account,
    transaction_type_id: typeId,
    transaction_type: type,
    transaction_status_id: id,
    transaction_status: status,
    result_code: result,
    tx_additional_data_json: JSON.stringify({
      Message: { SenderAccountNumber: accountOf(account), ReceiverWalletNumber: receiver },
    }),
    created_date_utc: time,
    updated_date_utc: time,
    completed_date_utc: movement.status === "pending" ? null : time,
    financial_process_completed_date_utc: null,
    is_financial_process_completed: false,
    to_wallet_id: receiver,
    tx_base_amount: base,
    tx_additional_fee: 0,
    tx_amount_with_additional_fee: base,
    currency_code: amount.currency,
    tx_end_user_preview_json: "",
    tx_pre_financial_acquired_record_json: null,
    tx_financial_acquired_record_json: null,
    from_description: details["description"] ?? "",
    to_description: details["description"] ?? "",
    tx_description: "",
    kyc_level_id: 40,
    from_account_type_id: 2,
    from_account_id: "ACC00001",
    from_wallet_number: named(account),
    from_account_number: named(accountOf(account)),
    to_account_number: named(accountOf(receiver)),
    to_account_type_id: 1,
    to_account_id: "ACC00002",
    to_wallet_number: named(receiver),
    is_need_settlement: false,
    settlement_day: 0,
    ext_transaction_id: reference,
    from_user_kyc_info: null,
    to_user_kyc_info: null,
  };
};

/** What rows say. Saying completed makes it so: words and money never part. */
const stateOf = (
  { ledger, switchValue }: World,
  movement: Movement,
): { id: number; status: string; result: string } => {
  const truth = STATES[movement.status];
  const said = switchValue("row-status");
  const result = String(switchValue("row-result"));
  const isSaid = typeof said === "number";
  if (isSaid && said === COMPLETED) ledger.end(movement, "settled");
  const known = isSaid ? Object.values(STATES).find(({ id }) => id === said) : truth;
  return {
    id: isSaid ? said : truth.id,
    status: known?.status ?? `Status${said}`,
    result: result === "ledger" ? (known?.result ?? truth.result) : result,
  };
};

/** As the sample's 5. */
const wholeOrDecimal = (digits: string): object => jsonNumber(digits.replace(/\.0+$/, ""));
