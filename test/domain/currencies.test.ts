/** The currencies against lists written out here: ISO 4217 list one, active codes, as of 2026. */
import { describe, expect, test } from "vitest";
import { exponentOf, isCurrency } from "../../lib/domain/currencies.ts";

/** By first letter, as the list prints them, with the digits of those that do not have two. */
const active = `
AED AFN ALL AMD AOA ARS AUD AWG AZN
BAM BBD BDT BHD:3 BIF:0 BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
CAD CDF CHE CHF CHW CLF:4 CLP:0 CNY COP COU CRC CUP CVE CZK
DJF:0 DKK DOP DZD
EGP ERN ETB EUR
FJD FKP
GBP GEL GHS GIP GMD GNF:0 GTQ GYD
HKD HNL HTG HUF
IDR ILS INR IQD:3 IRR ISK:0
JMD JOD:3 JPY:0
KES KGS KHR KMF:0 KPW KRW:0 KWD:3 KYD KZT
LAK LBP LKR LRD LSL LYD:3
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN
NAD NGN NIO NOK NPR NZD
OMR:3
PAB PEN PGK PHP PKR PLN PYG:0
QAR
RON RSD RUB RWF:0
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
THB TJS TMT TND:3 TOP TRY TTD TWD TZS
UAH UGX:0 USD USN UYI:0 UYU UYW:4 UZS
VED VES VND:0 VUV:0
WST
XAD XAF:0 XCD XCG XOF:0 XPF:0
YER
ZAR ZMW ZWG`;

const digitsByCode = new Map(
  active
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split(":"))
    .map(([code = "", digits = "2"]) => [code, Number(digits)]),
);

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const everyCode = letters.flatMap((one) => letters.flatMap((two) => letters.map((three) => one + two + three)));

describe("currencies", () => {
  test("are exactly the active ones among all codes of three letters", () => {
    expect(everyCode.filter(isCurrency)).toStrictEqual([...digitsByCode.keys()].sort());
  });

  test("have the digits of their minor unit", () => {
    const found = new Map([...digitsByCode.keys()].map((code) => [code, exponentOf(code)]));
    expect(found).toStrictEqual(digitsByCode);
  });

  test.each([
    "HRK", // withdrawn 2023
    "ANG", // withdrawn 2025
    "BGN", // withdrawn 2026
    "XAU", // gold: no minor unit
    "XTS", // for tests
    "X".repeat(3), // no currency
    "usd",
    "US",
    "USDX",
    " USD",
    "",
    "__proto__",
    "constructor",
  ])("do not include %j, and its digits are not guessed", (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => exponentOf(code)).toThrow(RangeError);
  });
});
