/** What i-payout's answers mean. Texts are those of the contract dossier, sections 4 to 8, byte for byte where it records them. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { Outcome } from "../../../lib/domain/outcome.ts";
import type { SpendbackOrder } from "../../../lib/providers/port.ts";
import { connectTo, orderOf, type Profile, profiles } from "./sample-connection.ts";

function submit(status: number, text: string, profile: Profile, order = orderOf()): Promise<Outcome> {
  return connectTo({ kind: "answered", status, text }, profile).spendback.submit(order, "token");
}

function lookUp(status: number, text: string, order: SpendbackOrder = orderOf()) {
  return connectTo({ kind: "answered", status, text }).spendback.lookUp(order, "token");
}

function balance(status: number, text: string, currency = "USD") {
  return connectTo({ kind: "answered", status, text }).balance({ account: "ben-alice", currency }, "token");
}

function logIn(status: number, text: string) {
  return connectTo({ kind: "answered", status, text }).authenticate();
}

/** Shape A (section 8.1): model validation. */
const shapeA = `{"statusCode":-72,"isSuccess":false,"logIdentifier":"27ebc1a6","message":"400: Bad request. The inputs supplied to the API are invalid",
 "errors":{"ArrAccounts[0].Comments":["Comments: Special character not allowed"],
           "ArrAccounts[0].MerchantReferenceId":["Invalid merchant reference id"]}}`;

/** Shape B: a business rule. */
const shapeB = (code: number, message = "Business rule") =>
  `{"IsSuccess":false,"Message":"${message}","StatusCode":${code},"LogIdentifier":"5d1424b6"}`;

/** Shape C: as recorded on the login call. */
const shapeC = `{"IsSuccess":false,"Message":"Authorization not found","StatusCode":-71,"LogIdentifier":"79755d40"}`;

const success = (data: string) =>
  `{"isSuccess":true,"message":"Success","statusCode":0,"logIdentifier":"123456789","data":${data}}`;

/** The how-to guide's answer as printed, line breaks included. */
const guideAnswer = `{
"isSuccess": true,
"message": "Spend back payment created successfully",
"statusCode": 200,
"data": {
"transactionId": "spendback_001",
"amount": 100.00,
"currency": "USD",
"status": "Completed"
}
}`;

/** The OpenAPI file's answer, section 5.2. */
const openapiAnswer =
  '{"isSuccess":true,"message":"...","statusCode":0,"logIdentifier":"...","data":[{"m_Code":0,"m_Text":"OK","logTransactionId":123456,"transactionRefId":654321}]}';

const guideData = (members: string) => success(`{"transactionId":"spendback_001",${members}}`);

const item = (members: string) => success(`[{${members}}]`);

const row = (members: Record<string, string> = {}) => {
  const given = {
    logTransactionId: "123456",
    currencyCode: '"USD"',
    amount: "100.00",
    toUsername: '"merchant"',
    fromUsername: '"alice"',
    tranType: "-1",
    tranStatus: "1",
    merchantReferenceId: '"spendback_001"',
    ...members,
  };
  return `{${Object.entries(given)
    .map(([name, value]) => `"${name}":${value}`)
    .join(",")}}`;
};

const found = (...rows: readonly string[]) => success(`[${rows.join(",")}]`);

describe("a spendback's answer in the guide's form", () => {
  test("settles when it is the guide's own", async () => {
    expect(await submit(200, guideAnswer, "guide")).toStrictEqual({
      kind: "settled",
      detail: "Completed",
      providerTransactionId: "spendback_001",
    });
  });

  test.each(["Completed", "completed", "COMPLETED"])("settles with the status %s", async (status) => {
    const text = guideData(`"amount":100,"currency":"usd","status":"${status}"`);
    expect((await submit(200, text, "guide")).kind).toBe("settled");
  });

  test.each(["Pending", "Processing", "Failed", "Declined", "Success", "Settled", "", "Complete"])(
    "is unknown with the status %j, which nobody documents",
    async (status) => {
      const text = guideData(`"amount":100.00,"currency":"USD","status":"${status}"`);
      expect((await submit(200, text, "guide")).kind).toBe("unknown");
    },
  );

  test.each([
    ["another amount", '"amount":100.01,"currency":"USD","status":"Completed"'],
    ["another amount by a float's width", '"amount":100.00000000000001,"currency":"USD","status":"Completed"'],
    ["the amount in minor units", '"amount":10000,"currency":"USD","status":"Completed"'],
    ["another currency", '"amount":100.00,"currency":"EUR","status":"Completed"'],
    ["another currency and no amount", '"currency":"EUR","status":"Completed"'],
    ["no status", '"amount":100.00,"currency":"USD"'],
    ["a status of null", '"amount":100.00,"currency":"USD","status":null'],
  ])("is unknown with %s", async (_, members) => {
    expect((await submit(200, guideData(members), "guide")).kind).toBe("unknown");
  });

  test.each(["null", "[]", "{}", '"Completed"', "true", '[{"m_Code":0,"logTransactionId":1}]'])(
    "is unknown with the data %s",
    async (data) => {
      expect((await submit(200, success(data), "guide")).kind).toBe("unknown");
    },
  );

  test.each([
    [1999, "USD", "19.99"],
    [1999, "USD", "19.990"],
    [1999, "JPY", "1999"],
    [1999, "JPY", "1999.0"],
    [1234, "TND", "1.234"],
    [1_000_000_000_000, "USD", "10000000000.00"],
    [1_000_000_000_000, "USD", "1e10"],
  ])("settles %d minor units of %s that come back as %s", async (value, currency, digits) => {
    const text = guideData(`"amount":${digits},"currency":"${currency}","status":"Completed"`);
    expect((await submit(200, text, "guide", orderOf({ amount: amountOf(value, currency) }))).kind).toBe("settled");
  });
});

describe("a spendback's answer in the contract file's form", () => {
  test("is an acceptance, not a settlement: this form has no status", async () => {
    expect(await submit(200, openapiAnswer, "openapi")).toStrictEqual({
      kind: "accepted",
      detail: "item code 0",
      providerTransactionId: "123456",
    });
  });

  test("keeps an id beyond 2^53 whole", async () => {
    const text = item('"m_Code":0,"m_Text":null,"logTransactionId":9223372036854775807,"transactionRefId":1');
    expect(await submit(200, text, "openapi")).toMatchObject({ providerTransactionId: "9223372036854775807" });
  });

  test.each(['"m_Code":0,"logTransactionId":0', '"m_Code":0'])("names no id with {%s}", async (members) => {
    expect(await submit(200, item(members), "openapi")).toStrictEqual({ kind: "accepted", detail: "item code 0" });
  });

  test.each([
    [-15, "insufficient_funds"],
    [-2, "recipient_not_found"],
    [-5, "account_not_found"],
    [-72, "provider_rejected_request"],
  ])("is declined with the item code %d inside a successful envelope", async (code, failure) => {
    const text = item(`"m_Code":${code},"m_Text":"In words","logTransactionId":0`);
    expect(await submit(200, text, "openapi")).toStrictEqual({
      kind: "declined",
      code: failure,
      message: "In words",
      providerCode: `${code}`,
    });
  });

  test("is declined in our own words where the item has none", async () => {
    expect(await submit(200, item('"m_Code":-15,"m_Text":null'), "openapi")).toMatchObject({
      message: "The payer's balance does not cover the amount.",
    });
  });

  test.each([-1, -3, -7, -10, -12, -71, -100, -103, 1, 200, -999])("is unknown with the item code %d", async (code) => {
    expect((await submit(200, item(`"m_Code":${code}`), "openapi")).kind).toBe("unknown");
  });

  test.each([
    "[]",
    "null",
    "{}",
    '[{"m_Code":0},{"m_Code":0}]',
    '[{"m_Text":"OK"}]',
    '[{"m_Code":null}]',
    "[null]",
    "[[]]",
  ])("is unknown with the data %s", async (data) => {
    expect((await submit(200, success(data), "openapi")).kind).toBe("unknown");
  });

  test("is unknown when it is the guide's", async () => {
    expect((await submit(200, guideAnswer, "openapi")).kind).toBe("unknown");
  });
});

describe.each(profiles)("a spendback's answer, whatever the form (%s)", (profile) => {
  const ownAnswer = profile === "guide" ? guideAnswer : openapiAnswer;

  test("of shape A is declined as invalid", async () => {
    expect(await submit(400, shapeA, profile)).toStrictEqual({
      kind: "declined",
      code: "provider_rejected_request",
      message: "400: Bad request. The inputs supplied to the API are invalid",
      providerCode: "-72",
    });
  });

  test.each([
    [-2, "recipient_not_found"],
    [-5, "account_not_found"],
    [-15, "insufficient_funds"],
    [-72, "provider_rejected_request"],
  ])("of shape B with the code %d is declined: %s", async (code, failure) => {
    for (const status of [200, 400, 404]) {
      expect(await submit(status, shapeB(code, "In words"), profile)).toStrictEqual({
        kind: "declined",
        code: failure,
        message: "In words",
        providerCode: `${code}`,
      });
    }
  });

  test("of shape C was not sent: the session is refused before anything is looked at", async () => {
    expect(await submit(200, shapeC, profile)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
  });

  test.each([
    [401, ""],
    [401, "<html>"],
    [401, shapeC],
    [403, ""],
    [200, shapeB(-7, "Invalid client credentials")],
    [400, shapeB(-71)],
  ])("with status %d and %j was not sent: the session is refused", async (status, text) => {
    expect(await submit(status, text, profile)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
  });

  test.each(["", "slow down", shapeB(-1)])("with status 429 and %j was not sent: the rate limit", async (text) => {
    expect(await submit(429, text, profile)).toMatchObject({ kind: "not-sent", reason: "rate-limited" });
  });

  // Every member of the documented enumeration but those with a meaning of their own; -12 is about creating users.
  test.each([
    -1, -3, -10, -12, -26, -37, -53, -56, -57, -58, -60, -61, -62, -63, -64, -65, -66, -67, -68, -73, -74, -75, -76,
    -77, -78, -79, -80, -82, -83, -84, -85, -86, -87, -88, -89, -90, -92, -93, -94, -95, -96, -97, -98, -99, -100, -101,
    -102, -103, -12345, 0, 1, 200,
  ])("that failed with the code %d is unknown: nobody says that nothing was debited", async (code) => {
    for (const status of [200, 400, 404]) expect((await submit(status, shapeB(code), profile)).kind).toBe("unknown");
  });

  test.each([500, 501, 502, 503, 504, 520, 599])(
    "with status %d is unknown, whatever the body says",
    async (status) => {
      for (const text of ["", "<html>", ownAnswer, shapeB(-1), shapeB(-15), shapeB(-7), shapeC, shapeA]) {
        expect((await submit(status, text, profile)).kind).toBe("unknown");
      }
    },
  );

  test.each([300, 302, 307, 400, 404, 405, 406, 409, 418])(
    "with status %d that calls itself a success is unknown",
    async (status) => {
      expect((await submit(status, ownAnswer, profile)).kind).toBe("unknown");
    },
  );

  test.each([
    "",
    "OK",
    "<html></html>",
    "null",
    "[]",
    "{}",
    '{"isSuccess":"true"}',
    '{"isSuccess":1}',
    '{"isSuccess":null}',
    '{"statusCode":0,"data":{}}',
    '{"isSuccess":true}',
    '{"isSuccess":false}',
    '{"isSuccess":false,"statusCode":null}',
    '{"isSuccess":false,"statusCode":"-15 "}',
    '{"isSuccess":true,"statusCode":0,"data":',
    "[".repeat(200_000),
    `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
  ])("that cannot be read is unknown, even with status 200 (%#)", async (text) => {
    expect((await submit(200, text, profile)).kind).toBe("unknown");
  });

  test("is the same with its keys in Pascal case or capitals", async () => {
    const usual = await submit(200, ownAnswer, profile);
    const pascal = ownAnswer.replaceAll(
      /"(\w)(\w*)"\s*:/g,
      (_, first: string, rest: string) => `"${first.toUpperCase()}${rest}":`,
    );
    const capitals = ownAnswer.replaceAll(/"(\w+)"\s*:/g, (_, name: string) => `"${name.toUpperCase()}":`);
    expect(await submit(200, pascal, profile)).toStrictEqual(usual);
    expect(await submit(200, capitals, profile)).toStrictEqual(usual);
  });

  test("that never came is unknown, and one that was never asked for was not sent", async () => {
    const inDoubt = connectTo({ kind: "in-doubt", detail: "ECONNRESET" }, profile);
    const notSent = connectTo({ kind: "not-sent", detail: "ECONNREFUSED" }, profile);
    expect(await inDoubt.spendback.submit(orderOf(), "token")).toStrictEqual({ kind: "unknown", detail: "ECONNRESET" });
    expect(await notSent.spendback.submit(orderOf(), "token")).toStrictEqual({
      kind: "not-sent",
      reason: "unreachable",
      detail: "ECONNREFUSED",
    });
  });
});

describe("a lookup", () => {
  /** Contract, section 6.3, and two that stand nowhere. */
  test.each([
    ["-1", "Declined", "declined"],
    ["0", "Pending", "accepted"],
    ["1", "Settled", "settled"],
    ["2", "Unknown", "unknown"],
    ["3", "Voided", "declined"],
    ["4", "FailedVoided", "unknown"],
    ["5", "PendingToVoid", "accepted"],
    ["6", "PendingToApprove", "accepted"],
    ["7", "Unsent", "accepted"],
    ["8", "Sent", "accepted"],
    ["9", "SentButNoReply", "unknown"],
    ["10", "Processing", "accepted"],
    ["-100", "undocumented", "unknown"],
    ["11", "unheard-of", "unknown"],
    ["-2", "unheard-of", "unknown"],
    ["99999999999999999999", "unheard-of", "unknown"],
  ])("that finds the status %s (%s) says %s", async (status, _, kind) => {
    expect(await lookUp(200, found(row({ tranStatus: status })))).toMatchObject({
      kind: "read",
      value: { kind: "found", outcome: { kind } },
    });
  });

  test("tells the provider's code of a decline, and its id of everything else", async () => {
    expect(await lookUp(200, found(row({ tranStatus: "3" })))).toMatchObject({
      value: { outcome: { code: "provider_declined", message: "Voided", providerCode: "3" } },
    });
    for (const tranStatus of ["0", "1", "5", "6", "7", "8", "10"]) {
      expect(await lookUp(200, found(row({ tranStatus })))).toMatchObject({
        value: { outcome: { providerTransactionId: "123456" } },
      });
    }
  });

  test("keeps an id beyond 2^53 whole", async () => {
    expect(await lookUp(200, found(row({ logTransactionId: "9007199254740993" })))).toMatchObject({
      value: { outcome: { providerTransactionId: "9007199254740993" } },
    });
  });

  test("takes an id of 0 for none", async () => {
    expect(await lookUp(200, found(row({ logTransactionId: "0" })))).toStrictEqual({
      kind: "read",
      value: { kind: "found", outcome: { kind: "settled", detail: "Settled" } },
    });
  });

  test.each([
    ["another amount", { amount: "100.01" }],
    ["another amount by a float's width", { amount: "99.99999999999999" }],
    ["the amount in minor units", { amount: "10000" }],
    ["the amount of the other direction", { amount: "-100.00" }],
    ["another currency", { currencyCode: '"EUR"' }],
    ["another payer", { fromUsername: '"bob"' }],
  ])("that finds %s under our reference is a contradiction", async (_, members) => {
    for (const tranStatus of ["1", "0", "-1"]) {
      expect(await lookUp(200, found(row({ ...members, tranStatus })))).toMatchObject({
        kind: "read",
        value: { kind: "contradiction" },
      });
    }
  });

  test.each([2, 3, 10])("that finds %d movements under our reference is a duplicate", async (count) => {
    const rows = Array.from({ length: count }, (__, place) => row({ logTransactionId: `${place + 1}` }));
    expect(await lookUp(200, found(...rows))).toStrictEqual({
      kind: "read",
      value: { kind: "duplicate", detail: `${count} movements carry this reference` },
    });
  });

  test("that finds one of two declined is still a duplicate: the first may have moved money", async () => {
    expect(await lookUp(200, found(row(), row({ tranStatus: "-1" })))).toMatchObject({
      value: { kind: "duplicate" },
    });
  });

  test.each([
    ["the payer in other letters", { fromUsername: '"ALICE"' }],
    ["no payer", { fromUsername: "null" }],
    ["the currency in small letters", { currencyCode: '"usd"' }],
    ["the amount with fewer digits", { amount: "100" }],
    ["the amount with more digits", { amount: "100.0000" }],
    ["the amount with a power of ten", { amount: "1.0E2" }],
  ])("that finds %s has found ours", async (_, members) => {
    expect(await lookUp(200, found(row(members)))).toMatchObject({ value: { outcome: { kind: "settled" } } });
  });

  test("cannot compare the payer where the order does not name it by username", async () => {
    const order = orderOf({ recipient: { id: "ben-alice" } });
    expect(await lookUp(200, found(row({ fromUsername: '"bob"' })), order)).toMatchObject({
      value: { outcome: { kind: "settled" } },
    });
  });

  test("passes over what carries another reference, or none", async () => {
    const others = [row({ merchantReferenceId: '"spendback_0011"' }), row({ merchantReferenceId: "null" })];
    expect(await lookUp(200, found(...others))).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
    expect(await lookUp(200, found(...others, row()))).toMatchObject({ value: { kind: "found" } });
  });

  test.each(["[]", "null"])("with the data %s has found nothing", async (data) => {
    expect(await lookUp(200, success(data))).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
  });

  test("without data has found nothing", async () => {
    expect(await lookUp(200, '{"isSuccess":true,"statusCode":0}')).toStrictEqual({
      kind: "read",
      value: { kind: "nothing" },
    });
  });

  test("that fails in words has found nothing as far as we know, which is never taken for a failure", async () => {
    for (const [status, text] of [
      [200, shapeB(-2)],
      [200, shapeB(-5)],
      [400, shapeA],
    ] as const) {
      expect(await lookUp(status, text)).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
    }
  });

  test.each([
    ["a status in words", found(row({ tranStatus: '"Settled"' }))],
    ["no status", found(row({ tranStatus: "null" }))],
    ["no amount", found(row({ amount: "null" }))],
    ["rows that are no objects", success('["spendback_001"]')],
    ["an object for rows", success(row())],
    ["half an answer", found(row()).slice(0, -10)],
    ["a page for people", "<html></html>"],
    ["nothing at all", ""],
  ])("that answers with %s has not been read, and may be repeated", async (_, text) => {
    expect((await lookUp(200, text)).kind).toBe("unavailable");
  });

  test.each([429, 500, 502, 503])("with status %d has not been read, whatever the body says", async (status) => {
    for (const text of ["", found(row()), found(), shapeB(-1)]) {
      expect((await lookUp(status, text)).kind).toBe("unavailable");
    }
  });

  test.each([
    [401, ""],
    [403, ""],
    [200, shapeC],
    [200, shapeB(-7)],
  ])("with status %d and %j needs another session", async (status, text) => {
    expect((await lookUp(status, text)).kind).toBe("session-rejected");
  });

  test("that never came through may be repeated", async () => {
    for (const kind of ["in-doubt", "not-sent"] as const) {
      const reading = await connectTo({ kind, detail: "ECONNRESET" }).spendback.lookUp(orderOf(), "token");
      expect(reading).toStrictEqual({ kind: "unavailable", detail: "ECONNRESET" });
    }
  });
});

describe("a balance", () => {
  test("is read in the guide's form, as printed", async () => {
    const text = `{
"isSuccess": true,
"message": "Account balance retrieved successfully",
"statusCode": 200,
"data": {
"balance": 1000.00,
"currency": "USD"
}
}`;
    expect(await balance(200, text)).toStrictEqual({ kind: "read", value: { value: 100_000, currency: "USD" } });
  });

  test("is read in the contract file's form", async () => {
    const text = `{"isSuccess":true,"message":"Customer currency balance fetched successfully.","statusCode":0,"logIdentifier":"1","data":{"currencyCode":"USD","balance":1000.50}}`;
    expect(await balance(200, text)).toStrictEqual({ kind: "read", value: { value: 100_050, currency: "USD" } });
  });

  test.each([
    ["0", "USD", 0],
    ["0.00", "USD", 0],
    ["-12.34", "USD", -1234],
    ["50000", "JPY", 50_000],
    ["50000.00", "JPY", 50_000],
    ["250.001", "TND", 250_001],
    ["90071992547409.91", "USD", 9_007_199_254_740_991],
    ["1E+3", "USD", 100_000],
  ])("of %s %s is %d minor units", async (digits, currency, value) => {
    const text = success(`{"currencyCode":"${currency}","balance":${digits}}`);
    expect(await balance(200, text, currency)).toStrictEqual({ kind: "read", value: { value, currency } });
  });

  test("may come without its currency, which was asked for", async () => {
    expect(await balance(200, success('{"balance":5}'))).toMatchObject({ value: { value: 500, currency: "USD" } });
  });

  test.each([
    ["in another currency", '{"balance":1000.00,"currency":"EUR"}'],
    ["in another currency, in the contract file's form", '{"balance":1000.00,"currencyCode":"EUR"}'],
    ["with digits below the minor unit", '{"balance":0.005,"currency":"USD"}'],
    ["that is no number", '{"balance":"much","currency":"USD"}'],
    ["that is missing", '{"currency":"USD"}'],
    ["in a list", '[{"balance":1000.00,"currency":"USD"}]'],
    ["that is null", "null"],
  ])("%s has not been read", async (_, data) => {
    expect((await balance(200, success(data))).kind).toBe("unavailable");
  });

  test.each([
    [-2, "recipient_not_found"],
    [-5, "account_not_found"],
    [-72, "provider_rejected_request"],
  ])("that fails with the code %d is refused: %s", async (code, failure) => {
    expect(await balance(200, shapeB(code, "In words"))).toStrictEqual({
      kind: "refused",
      code: failure,
      message: "In words",
      providerCode: `${code}`,
    });
  });

  test.each([
    [200, shapeB(-1)],
    [200, shapeB(-3)],
    [200, shapeB(-56)],
    [200, "<html>"],
    [429, ""],
    [500, shapeB(-5)],
    [503, ""],
  ])("with status %d and %j may be asked for again", async (status, text) => {
    expect((await balance(status, text)).kind).toBe("unavailable");
  });

  test.each([
    [401, ""],
    [200, shapeC],
  ])("with status %d and %j needs another session", async (status, text) => {
    expect((await balance(status, text)).kind).toBe("session-rejected");
  });
});

describe("a login", () => {
  test("gives the token and its life, as the reference prints it", async () => {
    const text = `{"isSuccess":true,"message":"Success","statusCode":0,"logIdentifier":"123456789",
 "data":{"merchantId":"merchant123","token":"eyJ...","expireInMinutes":1440}}`;
    expect(await logIn(200, text)).toStrictEqual({ kind: "read", value: { token: "eyJ...", lifetimeMs: 86_400_000 } });
  });

  test.each([
    [200, shapeC],
    [200, shapeB(-7, "Invalid client credentials")],
    [401, ""],
    [403, ""],
  ])("with status %d and %j is refused: trying again is no use", async (status, text) => {
    expect(await logIn(status, text)).toMatchObject({ kind: "refused", code: "credentials_rejected" });
  });

  test.each([
    [405, ""],
    [429, ""],
    [500, shapeB(-1)],
    [500, shapeC],
    [200, shapeB(-1)],
    [200, "<html>"],
    [200, success("null")],
    [200, success('{"token":"","expireInMinutes":1440}')],
    [200, success('{"token":"t","expireInMinutes":0}')],
    [200, success('{"token":"t","expireInMinutes":-5}')],
    [200, success('{"token":"t"}')],
    [200, success('{"expireInMinutes":1440}')],
  ])("with status %d and %j may be tried again", async (status, text) => {
    expect((await logIn(status, text)).kind).toBe("unavailable");
  });
});

describe("an order", () => {
  function pathsOf(profile: Profile, order: SpendbackOrder): string[] {
    const { spendback } = connectTo({ kind: "in-doubt", detail: "" }, profile);
    return spendback.check(order).map(({ path }) => path);
  }

  test("names the wallet by its token, whose balance is read", () => {
    for (const profile of profiles) {
      expect(pathsOf(profile, orderOf())).toStrictEqual([]);
      expect(pathsOf(profile, orderOf({ recipient: { ref: "alice" } }))).toStrictEqual(["recipient.id"]);
      expect(connectTo({ kind: "in-doubt", detail: "" }, profile).spendback.payer?.(orderOf())).toBe("ben-alice");
    }
  });

  test("names the payer by username in the contract file's form, and not in the guide's", () => {
    const order = orderOf({ recipient: { id: "ben-alice" } });
    expect(pathsOf("openapi", order)).toStrictEqual(["recipient.ref"]);
    expect(pathsOf("guide", order)).toStrictEqual([]);
  });

  test("is never submitted again on the strength of an empty lookup: nobody documents that repeats are refused", () => {
    for (const profile of profiles) {
      expect(connectTo({ kind: "in-doubt", detail: "" }, profile).spendback.rejectsDuplicates).toBe(false);
    }
  });

  test("is told everything that it lacks at once", () => {
    expect(pathsOf("openapi", orderOf({ recipient: { email: "a@example.com" } }))).toStrictEqual([
      "recipient.id",
      "recipient.ref",
    ]);
  });

  test.each([
    [1, "USD", true],
    [1, "JPY", true],
    [9, "TND", false],
    [10, "TND", true],
    [99, "CLF", false],
    [100, "CLF", true],
  ])("of %d minor units of %s is at least 0.01 in the contract file's form: %s", (value, currency, fits) => {
    const order = orderOf({ amount: amountOf(value, currency) });
    expect(pathsOf("openapi", order)).toStrictEqual(fits ? [] : ["amount.value"]);
    expect(pathsOf("guide", order)).toStrictEqual([]);
  });
});
