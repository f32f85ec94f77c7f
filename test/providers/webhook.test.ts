/** What the providers' webhooks share: references found, signatures compared, times within the window. */
import { describe, expect, test } from "vitest";
import { transactionId } from "../../lib/domain/ids.ts";
import { hintOf, isLately, isSameSignature, referencesIn, soleValue } from "../../lib/providers/webhook.ts";
import { reference, signedAt } from "./webhook-suite.ts";

describe("the references in a text", () => {
  test.each([
    ["alone", reference],
    ["in JSON", `{"ref":"${reference}"}`],
    ["in XML", `<ref>${reference}</ref>`],
    ["after an escape", `{"text":"Refund\\n${reference}\\n"}`],
    ["in what is not JSON", `{"wallet_id": 00000001123456, "ext_transaction_id": "${reference}"}`],
    ["twice", `${reference} ${reference}`],
    ["before a capital", `${reference}X`],
  ])("are found %s", (_, text) => {
    expect(referencesIn(text)).toStrictEqual([reference]);
  });

  test.each([
    ["is too short", reference.slice(0, -1)],
    ["is too long", `${reference}0`],
    ["goes on with a letter that no id has", `${reference}u`],
    ...["i", "l", "o", "u", "A", "-"].map((letter) => [`has ${letter}`, `${reference.slice(0, -1)}${letter}`]),
    ["has another prefix", reference.replace("txn", "bat")],
    ["has a capital prefix", reference.toUpperCase()],
  ])("are not what %s", (_, text) => {
    expect(referencesIn(text)).toStrictEqual([]);
  });

  test("are all that a key can stand for", () => {
    for (let n = 0; n < 500; n++) {
      const id = transactionId("local", "create-spendback", `key-${n}`);
      expect(referencesIn(`{"ref":"${id}"}`)).toStrictEqual([id]);
    }
  });

  test("are ten at most, the first, each once", () => {
    const ids = Array.from({ length: 12 }, (_, n) => transactionId("local", "create-refund", `key-${n}`));
    expect(referencesIn([...ids, ...ids].flatMap((id) => [id, id]).join(","))).toStrictEqual(ids.slice(0, 10));
  });

  test("are not looked for in the far end of a huge body", () => {
    const near = Buffer.from(`${" ".repeat(200_000)}${reference}`);
    const far = Buffer.from(`${" ".repeat(300_000)}${reference}`);
    expect(hintOf(near)).toStrictEqual({ references: [reference], providerTransactionIds: [] });
    expect(hintOf(far)).toStrictEqual({ references: [], providerTransactionIds: [] });
  });
});

describe("two signatures", () => {
  test("are the same only letter by letter", () => {
    expect(isSameSignature("d+hu4HsB", "d+hu4HsB")).toBe(true);
    for (const other of ["", "d+hu4Hs", "d+hu4HsB=", "D+HU4HSB", "d+hu4HsC", "é"]) {
      expect(isSameSignature(other, "d+hu4HsB")).toBe(false);
    }
  });
});

describe("a header's value", () => {
  test.each([
    ["a", "a"],
    [" a ", "a"],
    ["a,a", "a"],
    ["a, a", "a"],
    ["a,b", undefined],
    ["a,", undefined],
    [",", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%j is read as %j", (header, value) => {
    expect(soleValue(header)).toBe(value);
  });
});

describe("a time", () => {
  test.each([
    "1793268000",
    "1793268300",
    "1793267700",
    "1793268000000",
    "1793268300000",
    "1793267700000",
    "2026-10-29T10:00:00Z",
    "2026-10-29T10:05:00.000Z",
    "2026-10-29T10:00:00.1234567Z",
    "2026-10-29T12:00:00+02:00",
    "2026-10-29T12:00:00+0200",
    "2026-10-29 10:00:00Z",
    "2026-10-29T10:00:00",
    "2026-10-29 09:55:00",
  ])("is lately within five minutes: %s", (time) => {
    expect(isLately(time, signedAt)).toBe(true);
  });

  test.each([
    "1793268301",
    "1793267699",
    "1793268300001",
    "1793267699999",
    "2026-10-29T10:05:01Z",
    "2026-10-29T09:54:59Z",
    "2026-10-29T10:00:00+02:00",
    "2026-13-29T10:00:00Z",
    "2026-10-29",
    "Thu Oct 29 2026 10:00:00 GMT",
    "+1793268000",
    "1793268000.0",
    " 1793268000",
    "1793268000\n",
    "0x6AE32BA0",
    "NaN",
    "now",
    "",
  ])("is not lately: %j", (time) => {
    expect(isLately(time, signedAt)).toBe(false);
  });
});
