/** Sipay's CashBackCredit and CashBack: the merchant's wallet pays a customer's (contract, section 4). */

import type { Account } from "../account.ts";
import { toDecimal } from "../decimals.ts";
import { isObject, jsonNumber } from "../json.ts";
import type { Movement } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { invalid, pending, refusal, refusals, success } from "./envelope.ts";
import { Inputs } from "./inputs.ts";
import { transactionIdOf } from "./transaction-id.ts";
import {
  accountNumberOf,
  BALANCE_MAX,
  currencyOf,
  findWallet,
  fundsOf,
  type Method,
  methods,
  PROVIDER,
  walletInfo,
} from "./wallets.ts";

const FIELDS = [
  "ext_transaction_id",
  "sender_account_number",
  "sender_wallet_number",
  "amount",
  "currency_code",
  "description",
  "receiver_wallet_number",
  "hash_key",
];

const CREDIT_FIELDS = [...FIELDS, "source_type", "channel_type"];

/** The sample's answer names another id than its request: this one. */
const OTHER_EXT_ID = "24413144832134321321";

export const extTransactionId = ({ json }: Call): string | undefined => {
  const id = isObject(json) ? json["ext_transaction_id"] : undefined;
  return typeof id === "string" ? id : undefined;
};

export const giveCashback = (world: World, call: Call, method: Method): Answer => {
  const inputs = new Inputs(call.json, method === "CashBackCredit" ? CREDIT_FIELDS : FIELDS);
  const reference = inputs.required("ext_transaction_id");
  const accountNumber = inputs.required("sender_account_number");
  const senderNumber = inputs.required("sender_wallet_number");
  const receiverNumber = inputs.required("receiver_wallet_number");
  const currency = inputs.required("currency_code");
  const value = inputs.amount("amount", currency);
  const description = inputs.optional("description");
  for (const field of ["hash_key", "source_type", "channel_type"]) inputs.optional(field);
  if (!inputs.areValid) return invalid(inputs.errors);

  const sender = findWallet(world.ledger, senderNumber);
  const receiver = findWallet(world.ledger, receiverNumber);
  if (!sender || accountNumberOf(sender) !== accountNumber || !receiver) return refusal(world, refusals.walletNotFound);
  // A wallet has one currency; how another is refused is not documented.
  if (currencyOf(receiver) !== currency) return refusal(world, refusals.walletNotFound);
  const draft = {
    provider: PROVIDER,
    operation: "cashback",
    reference,
    account: sender.account,
    amount: { value, currency },
    direction: "debit",
    details: { method, receiver: receiver.account, description },
    ...call.fate,
  } as const;
  const refused = refuse(world, { sender, receiver, reference, value });
  if (refused) return refused;
  if (!world.ledger.covers([draft])) return refusal(world, refusals.insufficientFunds);
  const previous = fundsOf(world, receiver)[methods[method]];
  const [movement] = world.ledger.record([draft]);
  if (!movement) throw new Error("the ledger recorded nothing");
  return answer(world, movement, sender, previous);
};

interface Wish {
  readonly sender: Account;
  readonly receiver: Account;
  readonly reference: string;
  readonly value: number;
}

/** Which of several reasons is told first is not documented. */
const refuse = (world: World, { sender, receiver, reference, value }: Wish): Answer | undefined => {
  const { ledger, switchValue } = world;
  const code = switchValue("refusal");
  if (typeof code === "number") return refusal(world, { code, message: messageOf(code) });
  if (sender.status !== "open" || receiver.status !== "open") {
    return refusal(world, { code: Number(switchValue("inactive-code")), message: refusals.walletNotFound.message });
  }
  if (sender.account === receiver.account) return refusal(world, refusals.sameWallet);
  const duplicate = switchValue("duplicate");
  if (duplicate !== "accept" && ledger.movements({ provider: PROVIDER, reference }).length > 0) {
    return refusal(world, duplicate === "312" ? refusals.alreadyDone : refusals.duplicate);
  }
  const { payment, cash } = fundsOf(world, receiver);
  const left = BALANCE_MAX - payment - cash;
  return value > left ? refusal(world, { code: 310, message: limitMessage(left) }) : undefined;
};

/** The sample of the failed-top-up webhook, with its decimal comma. */
const limitMessage = (left: number): string =>
  "Üyelik seviyenize tanımlanmış olan limit, işlemi gerçekleştirebilmeniz için yeterli değildir. " +
  `Kullanılabilir Limit: ${toDecimal(Math.max(0, left), "TRY").replace(".", ",")} TRY`;

const messageOf = (code: number): string => {
  if (code === 310) return limitMessage(0);
  return Object.values(refusals).find((each) => each.code === code)?.message ?? "İşlem gerçekleştirilemedi";
};

const answer = (world: World, movement: Movement, sender: Account, previous: number): Answer => {
  const { amount, reference } = movement;
  const echo = { echo: reference, other: OTHER_EXT_ID, absent: undefined }[String(world.switchValue("ext-id-echo"))];
  const details = {
    transaction_id: transactionIdOf(movement),
    ext_transaction_id: echo,
    transaction_amount: shortDecimal(amount.value, amount.currency),
    transaction_fee_amount: jsonNumber("0.000000"),
    // Whose it is, is not documented; before its first cashback the sample's receiver has the sample's 0.0.
    previous_amount: shortDecimal(previous, amount.currency),
    request_id: "0",
    wallet_info: walletInfo(world, sender),
  };
  const payload = world.switchValue("payload-form") === "array" ? [details] : details;
  return movement.status === "pending" ? pending(payload) : success("İşlem başarılı", payload);
};

/** At least one decimal and no more than needed, as the sample's 2.0. */
const shortDecimal = (value: number, currency: string): object => {
  const digits = toDecimal(value, currency);
  return jsonNumber(digits.includes(".") ? digits.replace(/(\.\d+?)0+$/, "$1") : `${digits}.0`);
};
