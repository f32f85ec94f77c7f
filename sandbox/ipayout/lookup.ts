/** i-payout's two lookups: Find transactions and Find payment items (contract, sections 6.1 to 6.3). */

import { toDecimal } from "../decimals.ts";
import { jsonNumber } from "../json.ts";
import type { Movement, MovementStatus } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { invalid, success } from "./envelope.ts";
import { PROVIDER } from "./wallets.ts";

/** Transaction statuses that the ledger knows; the switch `transaction-status` can say any other. */
const STATUS_CODES: Readonly<Record<MovementStatus, number>> = { failed: -1, pending: 0, settled: 1 };

/** By the switch `empty-lookup`: what a lookup that finds nothing has as `data` is not documented. */
const EMPTY_DATA: Readonly<Record<string, readonly [] | null | undefined>> = {
  array: [],
  null: null,
  absent: undefined,
};

const DECLINED = -1;
const SETTLED = 1;
const VOIDED = 3;

/** In the documented enumeration; a spendback's own type is not public. */
const TYPE_UNKNOWN = -1;

export const lookupReference = ({ query }: Call): string | undefined => query.get("merchantreferenceid");

/** `GET /Transaction/get`: at least one of the three filters; an empty `data` where nothing matches (shape inferred). */
export const findTransactions = (world: World, { query }: Call): Answer => {
  const reference = query.get("merchantreferenceid");
  const group = query.get("merchantbatchid");
  const id = query.get("logtransactionid");
  if (!reference && !group && !id) return invalid({ MerchantReferenceId: ["At least one filter is required"] });
  if (id && !/^\d{1,18}$/.test(id)) return invalid({ LogTransactionId: ["Invalid log transaction id"] });
  const filters = { ...(reference ? { reference } : {}), ...(group ? { group } : {}), ...(id ? { id } : {}) };
  const found = world.ledger.lookUp({ provider: PROVIDER, ...filters });
  return answer(
    world,
    found.filter((each) => isListed(world, each, "transactions")).map((each) => toRow(world, each)),
  );
};

/** `GET /PayIn/get`: all filters are optional. Only spendbacks: the sandbox creates no other payment items. */
export const findItems = (world: World, { query }: Call): Answer => {
  const reference = query.get("merchantreferenceid");
  const username = query.get("username")?.toLowerCase();
  const from = readTime(query.get("datefrom"));
  const to = readTime(query.get("dateto"));
  const status = query.get("status");
  if (Number.isNaN(from)) return invalid({ DateFrom: ["Invalid date"] });
  if (Number.isNaN(to)) return invalid({ DateTo: ["Invalid date"] });
  if (status !== undefined && !/^-?\d{1,9}$/.test(status)) return invalid({ Status: ["Invalid status"] });
  const rows = world.ledger
    .lookUp({ provider: PROVIDER, ...(reference ? { reference } : {}) })
    .filter((each) => each.operation === "spendback" && isListed(world, each, "payins"))
    .filter((each) => !username || usernameOf(world, each)?.toLowerCase() === username)
    .filter(({ at }) => (from === undefined || Date.parse(at) >= from) && (to === undefined || Date.parse(at) <= to))
    .map((movement) => ({ movement, said: sayStatus(world, movement) }))
    .filter(({ said }) => status === undefined || said === Number(status))
    .map(({ movement, said }) => toItem(movement, said));
  return answer(world, rows);
};

const answer = ({ switchValue }: World, rows: readonly object[]): Answer =>
  success("Success", rows.length > 0 ? rows : EMPTY_DATA[String(switchValue("empty-lookup"))]);

/** Whether the lookups list spendbacks is not documented: the switch `spendbacks-listed` says in which. */
const isListed = ({ switchValue }: World, { operation }: Movement, lookup: "transactions" | "payins"): boolean =>
  operation !== "spendback" || ["both", lookup].includes(String(switchValue("spendbacks-listed")));

/** What lookups say. Saying declined, voided or settled makes it so: words and money never part. */
const sayStatus = ({ ledger, switchValue }: World, movement: Movement): number => {
  const said = switchValue("transaction-status");
  if (typeof said !== "number") return STATUS_CODES[movement.status];
  if (said === SETTLED) ledger.end(movement, "settled");
  if (said === DECLINED || said === VOIDED) ledger.end(movement, "failed");
  return said;
};

/** A transaction as Find transactions shows it. */
export const toRow = (world: World, movement: Movement): object => {
  const { id, reference, operation, amount, direction, at, group = null, details = {} } = movement;
  const username = usernameOf(world, movement) ?? null;
  return {
    logTransactionId: Number(id),
    currencyCode: amount.currency,
    amount: jsonNumber(toDecimal(amount.value, amount.currency)),
    toUsername: direction === "credit" ? username : "moneyback",
    fromUsername: direction === "credit" ? "moneyback" : username,
    tranDescription: operation === "spendback" ? "Spendback" : "Payout",
    tranType: TYPE_UNKNOWN,
    feeType: 0,
    tranStatus: sayStatus(world, movement),
    customerFeeAmount: jsonNumber(toDecimal(0, amount.currency)),
    merchantFeeAmount: jsonNumber(toDecimal(0, amount.currency)),
    merchantReferenceId: reference,
    merchantBatchId: group,
    userMemo: details["comments"] ?? null,
    managerComments: null,
    other: null,
    transactionTime: at,
    lastUpdatedTime: at,
    globalProfileId: 0,
    globalProfileName: null,
    stopPayOnCheckStatus: -1,
    stopPaymentOnCheckInitiatedBy: 0,
    stopPaymentOnCheckInitiatedtime: null,
    achSubmitDate: null,
  };
};

const toItem = ({ amount, reference, details = {} }: Movement, said: number): object => ({
  amount: jsonNumber(toDecimal(amount.value, amount.currency)),
  currencyCode: amount.currency,
  subscriptionAmount: 0,
  isSubscription: details["isSubscription"] === "true",
  description: details["description"] || null,
  mustComplete: details["mustComplete"] === "true",
  merchantTransactionId: reference,
  transactionStatusId: said,
  returnUrl: details["returnUrl"] || null,
});

const usernameOf = ({ ledger }: World, movement: Movement): string | undefined => ledger.account(movement)?.username;

/** Milliseconds; NaN where it is no time. */
const readTime = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
