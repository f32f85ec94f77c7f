/** Decimal digits of the wire to and from integer minor units, in the sandbox's own arithmetic. */

/** ISO 4217 currencies whose minor unit is not a hundredth. */
const CURRENCIES_BY_EXPONENT: ReadonlyMap<number, string> = new Map([
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
]);

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  [...CURRENCIES_BY_EXPONENT].flatMap(([exponent, codes]) => codes.split(" ").map((code) => [code, exponent])),
);

/** Far above any real amount, and far enough below 2^53 that sums of thousands of amounts stay exact. */
export const MINOR_UNITS_MAX = 1_000_000_000_000;

/** Longer digit strings and exponents are nonsense; the bound keeps the arithmetic cheap. */
const DIGITS_MAX = 40;

const JSON_NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/** How many decimals a currency's amounts have. */
export const exponentOf = (currency: string): number => EXPONENTS.get(currency) ?? 2;

/**
 * Minor units of a JSON number's digits: `("12.5", "USD")` is 1250. Undefined where a digit does not fit the currency
 * (`"0.005"` in USD), where the text is no number, or above `MINOR_UNITS_MAX`.
 */
export const toMinorUnits = (text: string, currency: string): number | undefined => {
  const match = JSON_NUMBER.exec(text);
  if (!match || text.length > DIGITS_MAX) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = match;
  const shift = exponentOf(currency) - fraction.length + Number(power);
  const digits = BigInt(whole + fraction);
  const divisor = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  if (digits % divisor !== 0n) return undefined;
  const minor = shift < 0 ? digits / divisor : digits * 10n ** BigInt(shift);
  if (minor > BigInt(MINOR_UNITS_MAX)) return undefined;
  return minor === 0n ? 0 : Number(minor) * (sign ? -1 : 1);
};

/** Digits with the currency's decimals: `(10000, "USD")` is `100.00`, `(50000, "JPY")` is `50000`. */
export const toDecimal = (minor: number, currency: string): string => {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, "0");
  const sign = minor < 0 ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};
