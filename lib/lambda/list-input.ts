/** Input that calls which list have in common: times, how many, and where a page begins. */
import * as z from "zod/mini";

const limitMax = 100;
const limitDefault = 25;

/**
 * Moments are stored and compared as texts, which is right for years of four digits: with its zone, the end of 9999 may lie in
 * the year after in UTC.
 */
const isInFourDigits = z.refine<string>((text) => {
  const at = new Date(text);
  // What is no moment at all is named by its format.
  return Number.isNaN(at.getTime()) || /^\d{4}-/.test(at.toISOString());
}, "must be in the years 0000 to 9999 in UTC");

/** A day or a moment with its zone. Nothing laxer: Date.parse takes "2026-11-20june" for the eleventh of June. */
export const MomentInput = z.pipe(
  z
    .union(
      [z.iso.date(), z.iso.datetime({ offset: true })],
      "must be an ISO 8601 date or time with its zone, such as 2026-11-20T09:30:00Z",
    )
    .check(isInFourDigits),
  z.transform((text: string) => new Date(text).toISOString()),
);

/** A moment with its zone: a day would not say when. */
export const PreciseMomentInput = z.pipe(
  z.iso
    .datetime({ offset: true, error: "must be an ISO 8601 time with its zone, such as 2026-11-20T09:30:00+03:00" })
    .check(isInFourDigits),
  z.transform((text: string) => new Date(text).toISOString()),
);

export const LimitInput = limitInput(limitDefault);

/** How many a page holds at most, where it is said. */
export function limitInput(usual: number) {
  return z._default(
    z.pipe(
      z
        .string()
        .check(
          z.refine(
            (given) => /^\d{1,3}$/.test(given) && Number(given) >= 1 && Number(given) <= limitMax,
            `must be a whole number from 1 to ${limitMax}`,
          ),
        ),
      z.transform(Number),
    ),
    usual,
  );
}

/** A page begins where the last one ended; callers need not know where that is. `position`: what one looks like. */
export function cursorInput(position: RegExp) {
  const positionOf = (given: string): string => Buffer.from(given, "base64url").toString("utf8");
  return z.pipe(
    z
      .string()
      .check(
        z.refine((given) => position.test(positionOf(given)), "must be the cursor of an earlier answer, unchanged"),
      ),
    z.transform(positionOf),
  );
}

export function cursorOf(position: string): string {
  return Buffer.from(position).toString("base64url");
}
