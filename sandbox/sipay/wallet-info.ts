/** Sipay's Wallet/Info (contract, section 5). */

import type { Answer, Call, World } from "../provider.ts";
import { invalid, refusal, refusals, success } from "./envelope.ts";
import { Inputs } from "./inputs.ts";
import { accountNumberOf, findWallet, walletInfo } from "./wallets.ts";

export const readWallet = (world: World, { json }: Call): Answer => {
  const inputs = new Inputs(json, ["account_number", "wallet_number"]);
  const accountNumber = inputs.required("account_number");
  const walletNumber = inputs.required("wallet_number");
  if (!inputs.areValid) return invalid(inputs.errors);
  const wallet = findWallet(world.ledger, walletNumber);
  if (!wallet || accountNumberOf(wallet) !== accountNumber) return refusal(world, refusals.walletNotFound);
  return success("Cüzdan bilgileri başarı ile dönülmüştür.", { wallet_info: walletInfo(world, wallet) });
};
