/** Ids and fingerprints: derived, stable, and spread. */
import { describe, expect, test } from "vitest";
import { claimId, fingerprint, spreadOf, transactionId } from "../../lib/domain/ids.ts";
import { fc } from "../property.ts";

const word = fc.string({ minLength: 1, maxLength: 40 });
const words = fc.tuple(word, word, word);

describe("a transaction's id", () => {
  test("is the same for the same tenant, operation and key", () => {
    fc.assert(
      fc.property(words, (given) => {
        expect(transactionId(...given)).toBe(transactionId(...given));
      }),
    );
  });

  test("never changes from one version to the next: a repeat of last year's key must still find it", () => {
    // Written down from a separate calculation (SHA-256 of the JSON array, lowest 130 bits, five at a time).
    expect(transactionId("acme", "spendbacks", "order-1")).toBe("txn_4g7gcc24zv20mtpwx0ssnzdz2f");
    expect(claimId("acme", "spendbacks", "order-1")).toBe("KD3EIcb8P2EQ9NfcxxCK0eL7f1zkHeW1QAt_IJjIHgQ");
  });

  test("is another for another tenant, operation or key", () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(transactionId(...one)).not.toBe(transactionId(...other));
        expect(claimId(...one)).not.toBe(claimId(...other));
      }),
    );
  });

  test("does not confuse words that read the same when put together", () => {
    const ids = new Set([
      transactionId("ab", "c", "d"),
      transactionId("a", "bc", "d"),
      transactionId("a", "b", "cd"),
      transactionId('a","b', "c", "d"),
      transactionId("a", 'b","c', "d"),
      transactionId("", "abc", "d"),
    ]);
    expect(ids.size).toBe(6);
  });

  test("is txn_ and 26 characters that every provider takes in a reference", () => {
    fc.assert(fc.property(words, (given) => /^txn_[0-9a-hjkmnp-tv-z]{26}$/.test(transactionId(...given))));
  });

  test("spreads evenly over 8 shards", () => {
    const shards = new Array<number>(8).fill(0);
    for (let key = 0; key < 16_000; key++) {
      const shard = spreadOf(transactionId("tenant", "spendbacks", `key-${key}`)) % 8;
      shards[shard] = (shards[shard] ?? 0) + 1;
    }
    // 2000 expected in each, with a standard deviation of 42: five of them either way.
    for (const count of shards) expect(Math.abs(count - 2000)).toBeLessThan(210);
  });

  test("has one of 32 places, even where it is no id at all", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          words.map((given) => transactionId(...given)),
          fc.string(),
        ),
        (id) => {
          expect(spreadOf(id)).toBeGreaterThanOrEqual(0);
          expect(spreadOf(id)).toBeLessThan(32);
          expect(Number.isInteger(spreadOf(id))).toBe(true);
        },
      ),
    );
  });
});

describe("a fingerprint", () => {
  const json = fc.jsonValue({ maxDepth: 4 });

  test("is 43 characters of base64url", () => {
    fc.assert(fc.property(json, (value) => /^[\w-]{43}$/.test(fingerprint(value))));
  });

  test("is that of the sorted JSON, whose SHA-256 was taken elsewhere", () => {
    expect(fingerprint({ connection: "ipayout", amount: { value: 1999, currency: "USD" } })).toBe(
      "cN_4e3_C6O4-53jIjvy61G4imzW7lchuZ9AIo-9yGao",
    );
  });

  test("does not depend on the order of keys, at any depth", () => {
    fc.assert(fc.property(json, (value) => fingerprint(reversed(value)) === fingerprint(value)));
  });

  test("depends on the order in an array", () => {
    expect(fingerprint({ rows: [1, 2] })).not.toBe(fingerprint({ rows: [2, 1] }));
    expect(fingerprint([{ a: 1 }, { b: 2 }])).not.toBe(fingerprint([{ b: 2 }, { a: 1 }]));
  });

  test("is another for other JSON", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        expect(fingerprint(one)).not.toBe(fingerprint(other));
      }),
    );
  });

  test("tells 1 from its text, null from absent, and nesting from a flat name", () => {
    const prints = [
      { a: 1 },
      { a: "1" },
      { a: null },
      {},
      { a: [] },
      { a: {} },
      { a: { b: 1 } },
      { "a.b": 1 },
      [],
      null,
    ];
    expect(new Set(prints.map(fingerprint)).size).toBe(prints.length);
  });

  test("takes a member that is undefined for absent", () => {
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }));
  });
});

/** The same value with every object's keys in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
