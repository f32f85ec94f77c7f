/** Facts about reading a call's input. */
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { VisibleError } from "../../lib/domain/errors.ts";
import { check, readBody, readDelivery } from "../../lib/lambda/input.ts";
import { apiEvent } from "./api-event.ts";

const oneMebibyte = 1_048_576;

function refusal(read: () => unknown): VisibleError {
  try {
    read();
  } catch (error) {
    if (error instanceof VisibleError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a body", () => {
  test("is its JSON value, whatever its encoding", () => {
    const body = '{"note":"Grüße 💸","n":[1,null]}';
    const value = { note: "Grüße 💸", n: [1, null] };
    expect(readBody(apiEvent({ body }))).toEqual(value);
    const base64 = Buffer.from(body).toString("base64");
    expect(readBody(apiEvent({ body: base64, isBase64Encoded: true }))).toEqual(value);
  });

  test.each([
    ["absent", undefined],
    ["empty", ""],
  ])("that is %s is asked for", (_name, body) => {
    const { code, errors } = refusal(() => readBody(apiEvent(body === undefined ? {} : { body })));
    expect(code).toBe("validation_failed");
    expect(errors).toEqual([{ path: "body", message: "is required: a JSON object" }]);
  });

  test.each(["{", "amount=1", "{'a':1}", "\u0000", "NaN", " "])("that is no JSON is refused: %j", (body) => {
    const { code, errors } = refusal(() => readBody(apiEvent({ body })));
    expect(code).toBe("validation_failed");
    expect(errors).toEqual([{ path: "body", message: "must be JSON" }]);
  });

  test.each([['"\\ud83d"'], ['{"note":["\\udca9 "]}'], ['{"\\ud83d":1}']])(
    "with half a surrogate pair is refused: %s",
    (body) => {
      expect(refusal(() => readBody(apiEvent({ body }))).errors).toEqual([{ path: "body", message: "must be JSON" }]);
      expect(readBody(apiEvent({ body: '"\\ud83d\\udca9"' }))).toBe("💩");
    },
  );

  test("may have a mebibyte and not a byte more, counted in bytes and not in characters", () => {
    const largest = `"${"x".repeat(oneMebibyte - 2)}"`;
    expect(readBody(apiEvent({ body: largest }))).toHaveLength(oneMebibyte - 2);
    expect(refusal(() => readBody(apiEvent({ body: `${largest} ` }))).code).toBe("payload_too_large");
    const wide = `"${"ü".repeat(oneMebibyte / 2)}"`;
    expect(refusal(() => readBody(apiEvent({ body: wide }))).code).toBe("payload_too_large");
  });

  test("in base64 is measured as what it stands for", () => {
    const base64 = (bytes: number) => Buffer.from(`"${"x".repeat(bytes - 2)}"`).toString("base64");
    const read = (bytes: number) => readBody(apiEvent({ body: base64(bytes), isBase64Encoded: true }));
    expect(read(oneMebibyte)).toHaveLength(oneMebibyte - 2);
    expect(refusal(() => read(oneMebibyte + 1)).code).toBe("payload_too_large");
  });
});

describe("what a schema does not say itself is said in plain words:", () => {
  const status = z.enum(["waiting", "paid"]);
  const names = z.record(z.string().check(z.minLength(1, "a key must not be empty")), z.string());
  test.each<[string, z.ZodMiniType, unknown, string, string]>([
    ["another choice", z.object({ status }), { status: "nope" }, "status", "must be one of waiting, paid"],
    ["the one choice", z.object({ on: z.literal(true) }), { on: 1 }, "on", "must be true"],
    ["a list for an object", z.strictObject({}), [], "body", "must be a JSON object"],
    ["nothing", z.object({ name: z.string() }), {}, "name", "is required"],
    ["a number for text", z.object({ name: z.string() }), { name: 7 }, "name", "must be text"],
    ["text for a list", z.array(z.string()), "a", "body", "must be a list"],
    ["a fraction", z.int(), 1.5, "body", "must be a whole number"],
    ["too little", z.number().check(z.minimum(2)), 1, "body", "must be at least 2"],
    ["too much text", z.string().check(z.maxLength(2)), "abc", "body", "must have at most 2 characters"],
    ["no text", z.string().check(z.minLength(1)), "", "body", "must not be empty"],
    ["a name that is none", names, { "": "x" }, "body", "a key must not be empty"],
  ])("%s", (_name, schema, value, path, message) => {
    const { errors = [] } = refusal(() => check(schema, value));
    expect(errors.map((error) => ({ ...error, path: error.path || "body" }))).toEqual([{ path, message }]);
  });
});

describe("a delivery", () => {
  const address = { rawPath: "/v1/webhooks/a%20b" };

  test("is the path's variables, the body byte for byte, and the address that was called", () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0d, 0x0a]);
    const event = apiEvent({
      ...address,
      rawQuery: "x=1&x=%2F",
      path: { connection: "a b" },
      body: bytes.toString("base64"),
      isBase64Encoded: true,
    });
    expect(readDelivery(event)).toEqual({
      connection: "a b",
      body: bytes,
      url: "https://api.example.com/v1/webhooks/a%20b?x=1&x=%2F",
    });
    const text = apiEvent({ ...address, body: '{"ä":1} ' });
    expect(readDelivery(text)).toEqual({
      body: Buffer.from([0x7b, 0x22, 0xc3, 0xa4, 0x22, 0x3a, 0x31, 0x7d, 0x20]),
      url: "https://api.example.com/v1/webhooks/a%20b",
    });
  });

  test.each([
    ["http", "http"],
    ["https", "https"],
    ["https, http", "https"],
    ["ftp", "https"],
    ["", "https"],
  ])("told %j in x-forwarded-proto was called by %s", (told, scheme) => {
    const { url } = readDelivery(apiEvent({ ...address, headers: { "x-forwarded-proto": told } })) as { url: string };
    expect(url).toBe(`${scheme}://api.example.com/v1/webhooks/a%20b`);
  });

  test("may be empty", () => {
    expect(readDelivery(apiEvent())).toMatchObject({ body: Buffer.alloc(0) });
  });

  test("may have 256 kB and not a byte more, whatever its encoding", () => {
    const largest = "x".repeat(262_144);
    const base64 = (text: string) => ({ body: Buffer.from(text).toString("base64"), isBase64Encoded: true });
    for (const encoded of [(body: string) => ({ body }), base64]) {
      expect((readDelivery(apiEvent(encoded(largest))) as { body: Buffer }).body).toHaveLength(262_144);
      expect(refusal(() => readDelivery(apiEvent(encoded(`${largest}x`)))).code).toBe("payload_too_large");
    }
  });
});

describe("a checked value", () => {
  const Wish = z.strictObject({
    name: z.string("must be text"),
    amount: z.strictObject({ value: z.number("must be a number"), currency: z.string() }),
    rows: z.exactOptional(z.array(z.strictObject({ percent: z.number("must be a number") }))),
  });

  test("comes back parsed", () => {
    const given = { name: "a", amount: { value: 1, currency: "USD" } };
    expect(check(Wish, given)).toEqual(given);
  });

  test("that is wrong is refused with every wrong field at once, by its path", () => {
    const given = {
      amount: { value: "1", currency: "USD", exponent: 2 },
      rows: [{ percent: 1 }, { percent: "2", share: 1 }],
      colour: "red",
      size: 4,
    };
    const { code, message, errors } = refusal(() => check(Wish, given));
    expect(code).toBe("validation_failed");
    expect([...errors].sort((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: "amount.exponent", message: "is not a known field" },
      { path: "amount.value", message: "must be a number" },
      { path: "colour", message: "is not a known field" },
      { path: "name", message: "must be text" },
      { path: "rows.1.percent", message: "must be a number" },
      { path: "rows.1.share", message: "is not a known field" },
      { path: "size", message: "is not a known field" },
    ]);
    for (const { path } of errors) expect(message).toContain(path);
  });

  test.each([[[]], ["text"], [4], [null], [true]])("that is no object is refused as a body: %j", (given) => {
    expect(refusal(() => check(Wish, given)).errors.map(({ path }) => path)).toEqual(["body"]);
  });

  test("that is wrong is named, not quoted", () => {
    const { message, errors } = refusal(() => check(Wish, { name: 4711, amount: "secret-4711" }));
    expect(JSON.stringify([message, errors])).not.toContain("4711");
  });
});
