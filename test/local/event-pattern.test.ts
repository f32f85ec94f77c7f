/** Every operator of EventBridge's event patterns, on events that match and on events that do not. */
import { describe, expect, test } from "vitest";
import { matches } from "../../local/event-pattern.ts";

const event = {
  source: "moneyback",
  "detail-type": "transaction.succeeded",
  resources: ["arn:one", "arn:two"],
  detail: {
    id: "txn_1",
    amount: 1000,
    test: false,
    note: null,
    empty: [],
    address: "10.1.2.3",
    file: "a/b*c\\d.png",
    log: [{ by: "api" }, { by: "flow", at: 7 }],
  },
};
const detail = (field: object) => ({ detail: field });

const cases: readonly (readonly [string, Record<string, unknown>, boolean])[] = [
  ["the empty pattern", {}, true],
  ["exact text", { source: ["moneyback"] }, true],
  ["one of several texts", { source: ["other", "moneyback"] }, true],
  ["other text", { source: ["other"] }, false],
  ["text in another case", { source: ["Moneyback"] }, false],
  ["a number", detail({ amount: [1000] }), true],
  ["a number as text", detail({ amount: ["1000"] }), false],
  ["a boolean", detail({ test: [false] }), true],
  ["the other boolean", detail({ test: [true] }), false],
  ["null", detail({ note: [null] }), true],
  ["null for what is absent", detail({ absent: [null] }), false],
  ["null for what is there", detail({ id: [null] }), false],
  ["two fields that both match", { source: ["moneyback"], ...detail({ id: ["txn_1"] }) }, true],
  ["two fields of which one does not", { source: ["other"], ...detail({ id: ["txn_1"] }) }, false],
  ["an element of an array", { resources: ["arn:two"] }, true],
  ["no element of an array", { resources: ["arn:three"] }, false],
  ["a field within an array of objects", detail({ log: { by: ["flow"] } }), true],
  ["no field within an array of objects", detail({ log: { by: ["person"] } }), false],
  ["prefix", detail({ id: [{ prefix: "txn_" }] }), true],
  ["another prefix", detail({ id: [{ prefix: "key_" }] }), false],
  ["prefix of a number", detail({ amount: [{ prefix: "1" }] }), false],
  ["prefix in any case", detail({ id: [{ prefix: { "equals-ignore-case": "TXN" } }] }), true],
  ["suffix", { "detail-type": [{ suffix: ".succeeded" }] }, true],
  ["another suffix", { "detail-type": [{ suffix: ".failed" }] }, false],
  ["suffix in any case", { "detail-type": [{ suffix: { "equals-ignore-case": "SUCCEEDED" } }] }, true],
  ["equals-ignore-case", { source: [{ "equals-ignore-case": "MoneyBack" }] }, true],
  ["equals-ignore-case of other text", { source: [{ "equals-ignore-case": "money" }] }, false],
  ["wildcard", { "detail-type": [{ wildcard: "trans*.suc*" }] }, true],
  ["wildcard for nothing", { "detail-type": [{ wildcard: "transaction*.succeeded" }] }, true],
  ["wildcard that does not span all", { "detail-type": [{ wildcard: "trans*.suc" }] }, false],
  ["wildcard with escapes", detail({ file: [{ wildcard: "a/b\\*c\\\\*.png" }] }), true],
  ["wildcard whose escape is no wildcard", detail({ id: [{ wildcard: "txn\\*" }] }), false],
  ["wildcard whose dot is a dot", { "detail-type": [{ wildcard: "transaction?succeeded" }] }, false],
  ["anything-but a text", { source: [{ "anything-but": "other" }] }, true],
  ["anything-but that text", { source: [{ "anything-but": "moneyback" }] }, false],
  ["anything-but a list", { source: [{ "anything-but": ["a", "b"] }] }, true],
  ["anything-but a list with it", { source: [{ "anything-but": ["a", "moneyback"] }] }, false],
  ["anything-but a number", detail({ amount: [{ "anything-but": 1 }] }), true],
  ["anything-but for what is absent", detail({ absent: [{ "anything-but": "x" }] }), false],
  ["anything-but a prefix", { source: [{ "anything-but": { prefix: "money" } }] }, false],
  ["anything-but other prefixes", { source: [{ "anything-but": { prefix: ["a", "b"] } }] }, true],
  ["anything-but a suffix", { source: [{ "anything-but": { suffix: "back" } }] }, false],
  ["anything-but in any case", { source: [{ "anything-but": { "equals-ignore-case": ["MONEYBACK"] } }] }, false],
  ["anything-but a wildcard", { source: [{ "anything-but": { wildcard: "*ney*" } }] }, false],
  ["anything-but another wildcard", { source: [{ "anything-but": { wildcard: "*nay*" } }] }, true],
  ["numeric equal", detail({ amount: [{ numeric: ["=", 1000] }] }), true],
  ["numeric range", detail({ amount: [{ numeric: [">", 999, "<=", 1000] }] }), true],
  ["numeric outside the range", detail({ amount: [{ numeric: [">=", 0, "<", 1000] }] }), false],
  ["numeric of a text", detail({ id: [{ numeric: [">", 0] }] }), false],
  ["exists", detail({ id: [{ exists: true }] }), true],
  ["exists for null", detail({ note: [{ exists: true }] }), true],
  ["exists for what is absent", detail({ absent: [{ exists: true }] }), false],
  ["exists not", detail({ absent: [{ exists: false }] }), true],
  ["exists not, for what is there", detail({ id: [{ exists: false }] }), false],
  ["exists not, below what is absent", { absent: { below: [{ exists: false }] } }, true],
  ["cidr", detail({ address: [{ cidr: "10.0.0.0/8" }] }), true],
  ["another cidr", detail({ address: [{ cidr: "10.2.0.0/16" }] }), false],
  ["cidr of what is no address", detail({ id: [{ cidr: "10.0.0.0/8" }] }), false],
  ["cidr of version 6", detail({ address: [{ cidr: "2001:db8::/32" }] }), false],
  ["$or whose second holds", { $or: [{ source: ["other"] }, { resources: ["arn:one"] }] }, true],
  ["$or whose none holds", { $or: [{ source: ["other"] }, { resources: ["arn:three"] }] }, false],
  ["$or beside a field that fails", { $or: [{ source: ["moneyback"] }], resources: ["arn:three"] }, false],
  ["$or below a field", detail({ $or: [{ id: ["x"] }, { amount: [1000] }] }), true],
  ["an operator beside a text", { source: ["other", { prefix: "money" }] }, true],
];

test.each(cases)("%s", (_, pattern, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

test("an address of version 6 is in its range", () => {
  expect(matches({ ip: [{ cidr: "2001:db8::/32" }] }, { ip: "2001:db8::1" })).toBe(true);
});

describe("a malformed pattern is refused", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "an unknown operator",
      { source: [{ startsWith: "m" }] },
      'uses the operator "startsWith", which is not known here',
    ],
    ["an unknown operator behind a field that fails", { absent: ["x"], source: [{ regex: "m" }] }, '"regex"'],
    ["two operators in one object", { source: [{ prefix: "m", suffix: "k" }] }, "exactly one operator"],
    ["a text without an array", { source: "moneyback" }, "must be an array"],
    ["an empty array", { source: [] }, "empty array"],
    ["an array within an array", { source: [["moneyback"]] }, "array within its array"],
    ["a prefix that is no text", { source: [{ prefix: 1 }] }, "takes a string"],
    ["a comparison that is none", { amount: [{ numeric: ["!=", 1] }] }, '"!="'],
    ["half a comparison", { amount: [{ numeric: [">"] }] }, "pairs"],
    ["a comparison with text", { amount: [{ numeric: [">", "1"] }] }, "no number"],
    ["an address range that is none", { ip: [{ cidr: "10.0.0.0/33" }] }, "no address range"],
    ["exists with text", { source: [{ exists: "yes" }] }, "takes true or false"],
    ["anything-but with an unknown operator", { source: [{ "anything-but": { numeric: [] } }] }, "not known here"],
    ["$or that is no array", { $or: { source: ["a"] } }, "$or takes an array"],
  ])("%s", (_, pattern, message) => {
    expect(() => matches(pattern, { source: "moneyback", amount: 1, ip: "10.0.0.1" })).toThrow(message);
    expect(() => matches(pattern, {})).toThrow(message);
  });
});
