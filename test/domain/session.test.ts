/** Sessions: a token is used only as long as it surely outlives the call. */
import { describe, expect, test } from "vitest";
import { isFresh, sessionOf } from "../../lib/domain/session.ts";
import { fc } from "../property.ts";
import { later, start } from "./sample-transactions.ts";

const minuteMs = 60_000;

describe("a session", () => {
  test("of a day ends two minutes before its token does", () => {
    expect(sessionOf("t", 1_440 * minuteMs, start)).toStrictEqual({
      token: "t",
      issuedAt: "2026-11-05T10:00:00.000Z",
      expiresAt: "2026-11-06T09:58:00.000Z",
    });
  });

  test("of ten minutes ends one minute before its token does", () => {
    expect(sessionOf("t", 10 * minuteMs, start).expiresAt).toBe("2026-11-05T10:09:00.000Z");
  });

  test("is fresh until its last millisecond, and not after", () => {
    const session = sessionOf("t", 1_440 * minuteMs, start);
    expect(isFresh(session, start)).toBe(true);
    expect(isFresh(session, later(1_438 * minuteMs - 1))).toBe(true);
    expect(isFresh(session, later(1_438 * minuteMs))).toBe(false);
    expect(isFresh(session, later(2_000 * minuteMs))).toBe(false);
  });

  test("of a token that does not live is never fresh", () => {
    expect(isFresh(sessionOf("t", 0, start), start)).toBe(false);
  });

  test("never outlives its token, and keeps at least nine tenths of its life", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 100_000 * minuteMs }), (lifetimeMs) => {
        const lives = Date.parse(sessionOf("t", lifetimeMs, start).expiresAt) - start.getTime();
        expect(lives).toBeLessThan(lifetimeMs);
        expect(lives).toBeGreaterThanOrEqual(Math.floor(lifetimeMs * 0.9));
      }),
    );
  });
});
