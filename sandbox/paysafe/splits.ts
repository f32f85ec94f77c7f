/** Paysafe's splitpay: which account pays how much of a refund (contract, section 5). */

import { isObject, jsonNumber, NumberText } from "../json.ts";
import type { World } from "../provider.ts";
import type { FieldError } from "./answers.ts";
import { isLinked, MAIN_ACCOUNT } from "./settlements.ts";

/** A hundred per cent, in hundredths of a per cent. */
const WHOLE = 10_000n;

export interface Share {
  readonly linkedAccount: string;
  /** The request's digits. */
  readonly percent?: string;
  /** Minor units. */
  readonly amount: number;
}

type Wanted = { readonly linkedAccount: string } & ({ readonly percent: string } | { readonly amount: number });

/** What was asked for, or what is wrong with it: each of these is a 5068. */
export const readSplits = (world: World, value: unknown): Wanted[] | FieldError => {
  const wrong = (error: string): FieldError => ({ field: "splitpay", error });
  if (!Array.isArray(value)) return wrong("must be an array");
  const wanted: Wanted[] = [];
  for (const each of value as unknown[]) {
    if (!isObject(each)) return wrong("must hold objects");
    const { linkedAccount, percent, amount } = each;
    if (typeof linkedAccount !== "string") return wrong("linkedAccount is required");
    if (linkedAccount === MAIN_ACCOUNT) return wrong("the account is one of the linked accounts");
    if (!isLinked(world, linkedAccount)) return wrong(`${linkedAccount} is not linked to the account`);
    if (wanted.some((other) => other.linkedAccount === linkedAccount)) return wrong(`${linkedAccount} stands twice`);
    if ((percent === undefined) === (amount === undefined)) return wrong("either percent or amount is required");
    if (percent instanceof NumberText && isPercent(percent.text)) wanted.push({ linkedAccount, percent: percent.text });
    else if (amount instanceof NumberText && /^[1-9]\d{0,10}$/.test(amount.text))
      wanted.push({ linkedAccount, amount: Number(amount.text) });
    else return wrong("percent takes two decimals at most and is above 0, amount is a positive integer");
  }
  return wanted;
};

/** The shares of a total, or that they are more than it. */
export const toShares = ({ switchValue }: World, wanted: readonly Wanted[], total: number): Share[] | FieldError => {
  const rounding = String(switchValue("rounding"));
  const shares = wanted.map((each) =>
    "amount" in each ? each : { ...each, amount: partOf(total, each.percent, rounding) },
  );
  const sum = shares.reduce((all, { amount }) => all + amount, 0);
  return sum > total ? { field: "splitpay", error: "the sum exceeds the transaction total" } : shares;
};

/** As answers show them: the amount always, the percent only where it was asked for so. */
export const showShare = ({ linkedAccount, percent, amount }: Share): object => ({
  linkedAccount,
  ...(percent === undefined ? {} : { percent: jsonNumber(percent) }),
  amount,
});

const isPercent = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) > 0 && Number(text) <= 100;

const partOf = (total: number, percent: string, rounding: string): number => {
  const [units = "", decimals = ""] = percent.split(".");
  const product = BigInt(total) * BigInt(units + decimals.padEnd(2, "0"));
  const down = product / WHOLE;
  const rest = product % WHOLE;
  const isUp = {
    "half-up": rest * 2n >= WHOLE,
    "half-even": rest * 2n > WHOLE || (rest * 2n === WHOLE && down % 2n === 1n),
    up: rest > 0n,
    down: false,
  }[rounding];
  return Number(isUp ? down + 1n : down);
};
