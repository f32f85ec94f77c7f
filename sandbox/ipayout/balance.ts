/** i-payout's balance of one beneficiary in one currency (contract, section 4.1). */

import { toDecimal } from "../decimals.ts";
import { jsonNumber } from "../json.ts";
import type { Answer, Call, World } from "../provider.ts";
import { guideSuccess, invalid, success } from "./envelope.ts";
import type { Session } from "./token.ts";
import type { OpenReads } from "./wallets.ts";
import { accountNotFound, findByToken } from "./wallets.ts";

/** 0 in a currency that the beneficiary never held (inferred). */
export const readBalance = (
  { ledger, switchValue }: World,
  reads: OpenReads,
  { params }: Call,
  { tokenId }: Session,
): Answer => {
  const currency = (params["currency"] ?? "").toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) return invalid({ CurrencyCode: ["Invalid currency code"] });
  const wallet = findByToken(ledger, params["token"] ?? "");
  if (!wallet) return accountNotFound();
  reads.add({ tokenId, account: wallet.account, currency });
  const balance = jsonNumber(toDecimal(ledger.balance(wallet, currency), currency));
  return switchValue("balance-form") === "guide"
    ? guideSuccess("Account balance retrieved successfully", { balance, currency })
    : success("Customer currency balance fetched successfully.", { currencyCode: currency, balance });
};
