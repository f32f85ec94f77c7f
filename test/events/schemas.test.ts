/** The published schemas of events agree with what the code takes and sends. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { problems } from "../../lib/domain/errors.ts";
import { kinds, statuses } from "../../lib/domain/transaction.ts";
import { batchEvents } from "../../lib/domain/webhook-endpoint.ts";
import { readRequest } from "../../lib/lambda/event-request.ts";
import { fc } from "../property.ts";
import { breaches, type Schema } from "./json-schema.ts";
import { requestSchemas } from "./request-schemas.ts";
import { validRequests, wrongRequests } from "./sample-requests.ts";

const detailTypes = ["spendback.requested", "refund.requested", "cashback.requested"] as const;

const published = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`../../docs/events/${name}.schema.json`, import.meta.url), "utf8"));

function isTaken(detailType: string, detail: unknown): boolean {
  try {
    readRequest(detailType, detail);
    return true;
  } catch {
    return false;
  }
}

describe.each(detailTypes)("the schema of %s", (detailType) => {
  const schema = published(detailType);

  test("is the one that the code makes: npm run schemas writes it", () => {
    expect(schema).toEqual(requestSchemas[detailType]);
  });

  test.each(validRequests[detailType])("takes what the code takes: %j", (detail) => {
    expect(breaches(schema, detail)).toEqual([]);
    expect(isTaken(detailType, detail)).toBe(true);
  });

  test.each(wrongRequests[detailType])("refuses what the code refuses: %j", (detail) => {
    expect(breaches(schema, detail)).not.toEqual([]);
    expect(isTaken(detailType, detail)).toBe(false);
  });

  test("refuses nothing that the code takes", () => {
    const member = fc.constantFrom(...Object.keys(schema["properties"] as object), "more");
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string({ maxLength: 310 }),
      fc.record({ value: fc.integer(), currency: fc.constantFrom("USD", "JPY", "usd", "XYZ") }),
      fc.array(
        fc.record({
          linkedAccount: fc.string(),
          percent: fc.oneof(fc.double({ min: 0, max: 101 }), fc.constantFrom("5.75", "0.01", "101", "1.234")),
        }),
        { maxLength: 3 },
      ),
      fc.dictionary(fc.string({ maxLength: 42 }), fc.string({ maxLength: 5 }), { maxKeys: 22 }),
    );
    let taken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...validRequests[detailType]),
        fc.dictionary(member, value, { maxKeys: 2 }),
        (valid, members) => {
          const detail: Readonly<Record<string, unknown>> = { ...valid, ...members };
          const { key } = detail;
          if (!isTaken(detailType, detail)) return;
          taken += 1;
          // A key is read without the spaces around it, which the schema leaves to the sender to avoid.
          const trimmed = typeof key === "string" ? { ...detail, key: key.trim() } : detail;
          expect(breaches(schema, trimmed)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

describe("the schemas of what goes out", () => {
  const at = (schema: Schema, ...path: string[]) =>
    path.reduce<Schema>((found, name) => (found["properties"] as Record<string, Schema>)[name] ?? {}, schema);

  test("know the kinds and statuses of the code, and no others", () => {
    const schema = published("moneyback.transaction");
    expect(at(schema, "transaction", "kind")["enum"]).toEqual([...kinds]);
    expect(at(schema, "transaction", "status")["enum"]).toEqual([...statuses]);
  });

  test("know how a batch ends", () => {
    const status = at(published("moneyback.batch"), "batch", "status")["enum"] as string[];
    expect(status.map((one) => `batch.${one}`)).toEqual([...batchEvents]);
    expect(at(published("moneyback.batch"), "batch", "counts")["required"]).toEqual([...statuses]);
  });

  test("know codes that the code has", () => {
    const codes = at(published("moneyback.request_rejected"), "code")["enum"] as string[];
    expect(codes.length).toBeGreaterThan(3);
    expect(Object.keys(problems)).toEqual(expect.arrayContaining(codes));
  });
});

describe("the check against a schema", () => {
  test.each<[Schema, unknown]>([
    [{ type: "object" }, []],
    [{ type: ["number", "string"] }, null],
    [{ type: "integer" }, 1.5],
    [{ const: 1 }, 2],
    [{ enum: ["a"] }, "b"],
    [{ anyOf: [{ type: "string" }] }, 1],
    [{ minLength: 1 }, ""],
    [{ maxLength: 1 }, "ab"],
    [{ pattern: "^a$" }, "b"],
    [{ minimum: 1 }, 0],
    [{ exclusiveMinimum: 1 }, 1],
    [{ maximum: 1 }, 2],
    [{ minItems: 1 }, []],
    [{ maxItems: 0 }, [1]],
    [{ items: { type: "string" } }, [1]],
    [{ minProperties: 1 }, {}],
    [{ maxProperties: 0 }, { a: 1 }],
    [{ required: ["a"] }, {}],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }],
    [{ properties: { a: { type: "string" } } }, { a: 1 }],
    [{ properties: { a: {} }, additionalProperties: false }, { b: 1 }],
    [{ additionalProperties: { type: "string" } }, { b: 1 }],
  ])("finds the breach of %j in %j", (schema, value) => expect(breaches(schema, value)).toHaveLength(1));

  test("refuses a keyword that it does not know", () => {
    expect(() => breaches({ multipleOf: 2 }, 2)).toThrow("multipleOf");
  });
});
