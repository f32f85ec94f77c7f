/** Nexio's webhooks of both generations. The signatures were made with Python's hmac, not with the code under test. */
import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../../lib/providers/http.ts";
import {
  brokenBody,
  deliveryOf,
  hostileSuite,
  lookalikes,
  reference,
  secondsLater,
  signedAt,
} from "../webhook-suite.ts";
import { recordOf } from "./sample-answers.ts";
import { answered, webhooksOf } from "./sample-connection.ts";

const secret = { webhookSecret: "nexio-webhook-secret" };
const legacy = `{"eventType":"SPENDBACK","data":{"id":2598,"spendbackRef":"${reference}","spendbackStatus":"20"}}`;
const code = "d26cb53e596e9cbcbf8eab893d1fab13b1f07f2b76eb3270934e3956442cdca7";
const header = `t=1793268000,v1=${code}`;
const authentic = { kind: "authentic", hint: { references: [reference], providerTransactionIds: [] } };
const noHint = { references: [], providerTransactionIds: [] };

function read(body: string | Buffer, signature: string | undefined, options: object = secret, now = signedAt) {
  return webhooksOf(options, now).read(deliveryOf(body, { "nexio-signature": signature }));
}

describe("a signed delivery", () => {
  test("is authentic, and names our reference", () => {
    expect(read(legacy, header)).toStrictEqual(authentic);
  });

  test.each([
    ["with a space between its parts", `t=1793268000, v1=${code}`],
    ["with its parts turned round", `v1=${code},t=1793268000`],
    ["with a part that is not documented", `t=1793268000,v0=00,v1=${code}`],
    ["that came twice", `${header}, ${header}`],
  ])("is authentic under a header %s", (_, signature) => {
    expect(read(legacy, signature)).toStrictEqual(authentic);
  });

  test.each([299, 300, -299, -300])("is authentic %d s after it was signed", (seconds) => {
    expect(read(legacy, header, secret, secondsLater(seconds))).toStrictEqual(authentic);
  });

  test.each([301, -301, 86_400, -86_400])("is refused %d s after it was signed", (seconds) => {
    expect(read(legacy, header, secret, secondsLater(seconds))).toStrictEqual({
      kind: "refused",
      detail: "signed too long ago, or in the future",
    });
  });

  test.each([
    ["another body", legacy.replace('"20"', '"50"'), header, secret],
    ["a body with a byte more", `${legacy} `, header, secret],
    ["an empty body", "", header, secret],
    ["another time", legacy, header.replace("1793268000", "1793268001"), secret],
    ["another key", legacy, "t=1793268000,v1=84ff1da18f9f828a097833ceb08170d3c0268045cc323593d83ff798fd7830bf", secret],
    ["a key that we do not have", legacy, header, { webhookSecret: "rotated" }],
    ["capitals", legacy, header.replace(code, code.toUpperCase()), secret],
    ["half a code", legacy, header.slice(0, -32), secret],
    ["an empty code", legacy, "t=1793268000,v1=", secret],
    // The sample of docs/receiving-legacy-webhooks, read 2026-11: readable, and about something else.
    [
      "the documents' sample",
      legacy,
      "t=1554146049,v1=f66f6c47e7288e4922629ffe87819678b793944c60668d8695804e4a2b9f90d1",
      secret,
    ],
  ])("is refused with %s", (_, body, signature, options) => {
    expect(read(body, signature, options)).toStrictEqual({ kind: "refused", detail: "a signature that does not fit" });
  });

  test.each([
    undefined,
    "",
    code,
    "t=1793268000",
    `v1=${code}`,
    `t=1793268000;v1=${code}`,
    `t=1793268000,t=1793268001,v1=${code}`,
    `${header},t=1793268000,v1=00`,
  ])("is refused under the header %j", (signature) => {
    expect(read(legacy, signature)).toStrictEqual({ kind: "refused", detail: "no readable signature" });
  });

  test("is verified byte by byte, not as text", () => {
    const signature = "t=1793268000,v1=da2e925006695335b2fa659a427c3d11c4c5d10c0161d0ed677fe97aa82e4de2";
    expect(read(brokenBody, signature)).toStrictEqual({ kind: "authentic", hint: noHint });
    for (const [, body] of lookalikes) expect(read(body, signature).kind).toBe("refused");
  });

  test("is authentic without anything in it", () => {
    const signature = "t=1793268000,v1=669caf45d4bc361c3b424007e17ae0ede570169bceba06108dc436d44d98d69d";
    expect(read("", signature)).toStrictEqual({ kind: "authentic", hint: noHint });
  });

  test("of the simplified form names Nexio's id, with all its digits", () => {
    const body = '{"eventType":"SPENDBACK","spendbackStatus":20,"spendbackId":9007199254740993}';
    const signature = "t=1793268000,v1=f8eb8d19dc7d2d6874aa787ba53b3ef1d481719c424e784c4b3278a5bf2bdc26";
    expect(read(body, signature)).toStrictEqual({
      kind: "authentic",
      hint: { references: [], providerTransactionIds: ["9007199254740993"] },
    });
  });
});

describe("without a secret", () => {
  test("everything is unsigned, even under a right signature", () => {
    expect(read(legacy, header, {})).toStrictEqual({ ...authentic, kind: "unsigned" });
    expect(read(legacy, undefined, {})).toStrictEqual({ ...authentic, kind: "unsigned" });
  });

  test.each([
    ['{"eventType":"SPENDBACK","spendbackStatus":20,"spendbackId":2598}', ["2598"]],
    ['{"eventType":"SPENDBACK","spendbackStatus":20,"spendbackId":"2598"}', ["2598"]],
    ['{"eventType":"SPENDBACK","spendbackStatus":20,"id":9007199254740993}', ["9007199254740993"]],
    ['{"eventType":"SPENDBACK","data":{"id":2598}}', ["2598"]],
    ['{"eventType":"SPENDBACK","data":{"spendbackId":2598,"id":2599}}', ["2598", "2599"]],
    ['{"spendbackId":2598,"id":2598}', ["2598"]],
    ['{"id":2598}', ["2598"]],
    ['{"eventType":"PAYOUT","payoutStatus":20,"id":2598}', []],
    ['{"eventType":"PAYOUT","data":{"id":2598}}', []],
    ['{"eventType":"TRANSACTION","transactionStatus":10,"processMethod":10,"transactionId":211302211}', []],
    ['{"eventType":"SPENDBACK","spendbackId":"../../user/v3/account/whoAmI"}', []],
    ['{"eventType":"SPENDBACK","spendbackId":-1}', []],
    ['{"eventType":"SPENDBACK","spendbackId":1e3}', []],
    ['{"eventType":"SPENDBACK","spendbackId":0}', []],
    ['{"eventType":"SPENDBACK","spendbackId":25.98}', []],
    ['{"eventType":"SPENDBACK","spendbackId":9223372036854775807}', ["9223372036854775807"]],
    ['{"eventType":"SPENDBACK","spendbackId":9223372036854775808}', []],
    [`{"eventType":"SPENDBACK","spendbackId":${"9".repeat(20)}}`, []],
    ['{"eventType":"SPENDBACK","spendbackId":null,"data":null}', []],
  ])("%s names the ids %j", (body, providerTransactionIds) => {
    expect(read(body, undefined, {})).toStrictEqual({
      kind: "unsigned",
      hint: { references: [], providerTransactionIds },
    });
  });
});

describe("the reference of an id", () => {
  function ask(id: string, status: number, text: string) {
    const requests: HttpRequest[] = [];
    const { referenceOf } = webhooksOf({}, signedAt, (request) => {
      requests.push(request);
      return Promise.resolve(answered(status, text));
    });
    if (!referenceOf) throw new Error("there is no such call");
    return { reading: referenceOf(id, undefined), requests };
  }

  test("is the record's", async () => {
    const { reading, requests } = ask("9007199254740993", 200, recordOf({ spendbackRef: `"${reference}"` }));
    expect(await reading).toStrictEqual({ kind: "read", value: reference });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toStrictEqual([
      "GET http://provider.invalid/payout/v3/spendback/9007199254740993",
    ]);
  });

  test.each([
    ["is unknown at Nexio", 404, '{"error":404,"message":"Not found"}'],
    ["carries somebody else's reference", 200, recordOf({ spendbackRef: '"order-17"' })],
    ["carries more than a reference", 200, recordOf({ spendbackRef: `"${reference} again"` })],
  ])("is none where the id %s", async (_, status, text) => {
    expect(await ask("2598", status, text).reading).toStrictEqual({ kind: "read", value: undefined });
  });

  test.each([
    [401, "", "session-rejected"],
    [500, "", "unavailable"],
    [200, "<html>", "unavailable"],
  ])("is not known after HTTP %d %s", async (status, text, kind) => {
    expect((await ask("2598", status, text).reading).kind).toBe(kind);
  });

  test.each(["..", "2598/cancel", "", "x", "9223372036854775808"])("is not asked for with the id %j", async (id) => {
    const { reading, requests } = ask(id, 200, recordOf());
    expect(await reading).toStrictEqual({ kind: "read", value: undefined });
    expect(requests).toStrictEqual([]);
  });
});

describe("a hostile delivery", () => {
  hostileSuite(["nexio-signature"], () => [webhooksOf(secret, signedAt), webhooksOf({}, signedAt)]);
});
