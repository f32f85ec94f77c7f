/** Paysafe's webhooks. The signatures were made with Python's hmac, not with the code under test. */
import { describe, expect, test } from "vitest";
import {
  brokenBody,
  deliveryOf,
  hostileSuite,
  lookalikes,
  reference,
  secondsLater,
  signedAt,
} from "../webhook-suite.ts";
import { webhooksOf } from "./sample-connection.ts";

const body =
  `{"payload":{"id":"33e82d3b-9706-4495-80b1-a387fcfcbbae","merchantRefNum":"${reference}","status":"COMPLETED",` +
  '"amount":500},"eventType":"REFUND_COMPLETED","attemptNumber":"1","mode":"live"}';

/** A key as the Back Office shows one: Base64 of 35 bytes. */
const base64Key = { webhookSecret: "cGF5c2FmZS13ZWJob29rLWhtYWMta2V5LW9mLTMyLWJ5dGU=" };
const byItsText = "d+hu4HsBfLV2RKT5M1HK4UTHE75CCL3+6o+oe0ppFCM=";
const byItsBytes = "EQavnOjDbnRdk2OyhXxECmyv0TAGx8+HDBsSoxfPTdE=";

const textKey = { webhookSecret: "paysafe hmac key!" };
const signature = "1zvRTS/m2JJsiC20NDj9UFluf6L6jS/U5P0Ru4hUYTc=";

const authentic = { kind: "authentic", hint: { references: [reference], providerTransactionIds: [] } };
const noHint = { references: [], providerTransactionIds: [] };
const wrong = { kind: "refused", detail: "a signature that does not fit" };

function read(text: string | Buffer, header: string | undefined, options: object = textKey, now = signedAt) {
  return webhooksOf(options, now).read(deliveryOf(text, { signature: header }));
}

describe("a signed delivery", () => {
  test("is authentic, and names our reference", () => {
    expect(read(body, signature)).toStrictEqual(authentic);
  });

  test("is authentic by the key's text and by the bytes that it encodes", () => {
    expect(read(body, byItsText, base64Key)).toStrictEqual(authentic);
    expect(read(body, byItsBytes, base64Key)).toStrictEqual(authentic);
  });

  test("is refused by what a text that is not Base64 would decode to", () => {
    // Made with the eleven bytes that a lenient decoder finds in the text key.
    expect(read(body, "+iy9xVFQdf2LkgfjO0Jre25hxYq/T3qJBHJI/nWBE6Y=")).toStrictEqual(wrong);
  });

  test.each(["!!!!", "=", "  ", "€"])("is refused under an empty key, which %j would decode to", (webhookSecret) => {
    expect(read(body, "wqTnHX6PD0Dp6JA+JiD4s3++ngWsq/amiZuJz8sngw4=", { webhookSecret })).toStrictEqual(wrong);
  });

  test("is authentic however late it comes, since its signature covers no time", () => {
    expect(read(body, signature, textKey, secondsLater(86_400))).toStrictEqual(authentic);
  });

  test("is authentic under a header that came twice", () => {
    expect(read(body, `${signature},${signature}`)).toStrictEqual(authentic);
  });

  test.each([
    ["another body", body.replace("500", "501"), signature, textKey],
    ["a body with a byte more", `${body}\n`, signature, textKey],
    ["an empty body", "", signature, textKey],
    ["another key", body, "k/P+bE/+/sVmnPdqr+AWzOsKqVSeNYCiMFC8ArXdqO8=", textKey],
    ["a key that we do not have", body, signature, { webhookSecret: "rotated" }],
    ["half a signature", body, signature.slice(0, 22), textKey],
    ["a signature in hex", body, Buffer.from(signature, "base64").toString("hex"), textKey],
  ])("is refused with %s", (_, text, header, options) => {
    expect(read(text, header, options)).toStrictEqual(wrong);
  });

  test.each([undefined, "", ",", `${signature},${byItsText}`])("is refused under the header %j", (header) => {
    expect(read(body, header)).toStrictEqual({ kind: "refused", detail: "no readable signature" });
  });

  test("is verified byte by byte, not as text", () => {
    const ofBytes = "wjagU/EfG0crIQSRTt8/r39E8+O//0A8pRFF4incslA=";
    expect(read(brokenBody, ofBytes)).toStrictEqual({ kind: "authentic", hint: noHint });
    for (const [, lookalike] of lookalikes) expect(read(lookalike, ofBytes)).toStrictEqual(wrong);
  });

  test("is authentic without anything in it", () => {
    expect(read("", "aCRHA9CD/8mCDoqslKEGNmaWg3ZmvkPviyaUKY4p43I=")).toStrictEqual({ kind: "authentic", hint: noHint });
  });
});

describe("without a secret", () => {
  test("everything is unsigned, even under a right signature", () => {
    expect(read(body, signature, {})).toStrictEqual({ ...authentic, kind: "unsigned" });
    expect(read(body, undefined, {})).toStrictEqual({ ...authentic, kind: "unsigned" });
  });

  test("an event about somebody else's payment names nothing", () => {
    // The envelope as documented for another product, shortened.
    const other =
      '{"payload":{"id":"33e82d3b","merchantRefNum":"hhj90097k99oo29"},"EventName":"PAYMENT_HANDLE_PAYABLE"}';
    expect(read(other, undefined, {})).toStrictEqual({ kind: "unsigned", hint: noHint });
  });
});

describe("a hostile delivery", () => {
  hostileSuite(["signature"], () => [
    webhooksOf(textKey, signedAt),
    webhooksOf(base64Key, signedAt),
    webhooksOf({}, signedAt),
  ]);
});
