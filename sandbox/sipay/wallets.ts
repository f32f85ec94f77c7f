/** Sipay's wallets: finding them, what lies in their two balances, and how they are printed (contract, section 4). */

import type { Account } from "../account.ts";
import { toDecimal } from "../decimals.ts";
import { jsonNumber } from "../json.ts";
import type { Ledger } from "../ledger.ts";
import type { World } from "../provider.ts";

export const PROVIDER = "sipay";

/** The only two methods, by the balance of the receiver that they credit. */
export const methods = { CashBackCredit: "payment", CashBack: "cash" } as const;
export type Method = keyof typeof methods;

/** `max_balance` of the sample, in minor units; above it the member's limit refuses (310). */
export const BALANCE_MAX = 20_000_000;

export const findWallet = (ledger: Ledger, number: string): Account | undefined =>
  ledger.account({ provider: PROVIDER, account: number });

export const accountNumberOf = ({ profile = {} }: Account): string => profile["accountNumber"] ?? "";

/** A wallet has one currency: that of its opening balance. */
export const currencyOf = ({ openings }: Account): string => Object.keys(openings)[0] ?? "TRY";

export interface Funds {
  readonly payment: number;
  readonly cash: number;
  /** Of `cash` or `payment`, held by debits under way. */
  readonly held: number;
}

/**
 * Minor units. What a wallet pays with lies in the balance that the switch `paid-from` names; what it received lies where
 * each method credits it. Received money is read off the payers' movements: each cashback is one movement of the ledger.
 */
export const fundsOf = ({ ledger, switchValue }: World, wallet: Account): Funds => {
  const own = ledger.balance(wallet, currencyOf(wallet));
  const received = (method: Method): number =>
    ledger.total({ provider: PROVIDER, status: "settled", receiver: wallet.account, method });
  const paysFrom = switchValue("paid-from");
  return {
    payment: received("CashBackCredit") + (paysFrom === "payment" ? own : 0),
    cash: received("CashBack") + (paysFrom === "cash" ? own : 0),
    held: ledger.total({ provider: PROVIDER, status: "pending", account: wallet.account }),
  };
};

/** `wallet_info`, member for member as the sample prints it; limits and monthly totals are the sample's own. */
export const walletInfo = (world: World, wallet: Account): object => {
  const currency = currencyOf(wallet);
  const { payment, cash, held } = fundsOf(world, wallet);
  const decimal = (value: number): object => jsonNumber(toDecimal(value, currency));
  const heldIn = (kind: string): object => decimal(world.switchValue("paid-from") === kind ? held : 0);
  const { profile = {}, status } = wallet;
  return {
    id: profile["id"] ?? `625679444526255${wallet.account}`,
    tenant_id: "5",
    name: "",
    account_number: accountNumberOf(wallet),
    account_type: profile["accountType"] ?? "Kurumsal",
    created_date_utc: "2022-08-09T07:02:47.0163827+00:00",
    number: wallet.account,
    phone_country_code: null,
    phone_number: null,
    email: null,
    total_balance: decimal(payment + cash + held),
    monthly_incoming_total: jsonNumber("0.0"),
    monthly_outgoing_total: jsonNumber("0.0"),
    access_level_status_id: status === "open" ? 1 : 2,
    access_level_status: status === "open" ? "Aktif" : "Pasif",
    payment_balance: { available: decimal(payment), unavailable: heldIn("payment") },
    cash_balance: { available: decimal(cash), unavailable: heldIn("cash") },
    transaction_limits: {
      max_balance: jsonNumber("200000.0000"),
      topup_credit_limit: jsonNumber("199951.0000"),
      topup_cash_limit: jsonNumber("199951.0000"),
      withdrawal_limit: jsonNumber("200000.0000"),
      payment_limit: jsonNumber("200000.0000"),
      wallet_to_wallet_limit: jsonNumber("199976.5000"),
    },
    kyc_level_status: null,
    currency_code: currency,
    user_kyc_info: null,
    is_topup_default: false,
    tax_number: null,
    loyalty_record_required: false,
  };
};
