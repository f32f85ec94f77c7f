/** Facts about which sources on the bus may act for which tenants. */
import { describe, expect, test } from "vitest";
import { readEventSources } from "../../lib/lambda/event-sources.ts";

describe("a source", () => {
  test("acts for the tenants that it is given, and for no other", () => {
    const mayAct = readEventSources('{"shop.orders": ["acme", "umbrella"], "till": []}');
    expect(mayAct("shop.orders", "acme")).toBe(true);
    expect(mayAct("shop.orders", "umbrella")).toBe(true);
    expect(mayAct("shop.orders", "other")).toBe(false);
    expect(mayAct("shop", "acme")).toBe(false);
    expect(mayAct("till", "acme")).toBe(false);
  });

  test("of any name acts for the tenants of *, which is no name of a tenant", () => {
    const mayAct = readEventSources('{"*": ["local"], "shop.orders": ["*"]}');
    expect(mayAct("whoever", "local")).toBe(true);
    expect(mayAct("shop.orders", "local")).toBe(true);
    expect(mayAct("shop.orders", "acme")).toBe(false);
  });

  test.each([undefined, "", "{}"])("acts for nobody where the setting is %j", (text) => {
    expect(readEventSources(text)("*", "local")).toBe(false);
    expect(readEventSources(text)("constructor", "length")).toBe(false);
  });
});

test.each(["{", "[]", "null", '{"shop": "acme"}', '{"shop": [1]}'])("the setting %s is refused", (text) => {
  expect(() => readEventSources(text)).toThrow("EVENT_SOURCES is not JSON such as");
});
