/** ISO 4217: the active currencies and how many digits their minor unit has. */

const withoutMinorUnit = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

const withTwoDigits =
  "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY " +
  "COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS " +
  "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR " +
  "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP " +
  "STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";

const withThreeDigits = "BHD IQD JOD KWD LYD OMR TND";

const withFourDigits = "CLF UYW";

/** Digits after the decimal point, by currency code. Source: ISO 4217 list one, as of 2026 (BGN gone, XCG and ZWG in). */
const exponents: ReadonlyMap<string, number> = new Map([
  ...withExponent(0, withoutMinorUnit),
  ...withExponent(2, withTwoDigits),
  ...withExponent(3, withThreeDigits),
  ...withExponent(4, withFourDigits),
]);

/** Whether `code` is an active ISO 4217 code, in capitals. */
export function isCurrency(code: string): boolean {
  return exponents.has(code);
}

/**
 * Digits of a currency's minor unit: JPY 0, USD 2, TND 3.
 * @throws RangeError for an unknown code: guessing two digits would move a hundred times too much or too little.
 */
export function exponentOf(code: string): number {
  const exponent = exponents.get(code);
  if (exponent === undefined) throw new RangeError(`"${code}" is not an active ISO 4217 currency`);
  return exponent;
}

function withExponent(exponent: number, codes: string): [string, number][] {
  return codes.split(" ").map((code) => [code, exponent]);
}
