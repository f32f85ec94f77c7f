/** JSON without floats: numbers are read as their own digits and written as the digits given. */

/** A JSON value in which every number is its source text: `19.90` stays "19.90", ids beyond 2^53 stay whole. */
export type ExactJson = null | boolean | string | ExactJson[] | { [name: string]: ExactJson };

/** @throws SyntaxError for text that is not JSON. */
export function parseExactJson(text: string): ExactJson {
  return JSON.parse(text, ((_name: string, value: unknown, context: { source?: string }) =>
    typeof value === "number" ? context.source : value) as (this: unknown, name: string, value: unknown) => unknown);
}

declare const rawJson: unique symbol;

/** Stands for a number in an object given to JSON.stringify. */
export type RawJson = object & { readonly [rawJson]: true };

/** A number with exactly these digits: `number("100.00")` is written 100.00. @throws SyntaxError for anything but a JSON number. */
export function exactNumber(digits: string): RawJson {
  if (!/^-?\d/.test(digits)) throw new SyntaxError(`"${digits}" is not a number`);
  return (JSON as unknown as { rawJSON(text: string): RawJson }).rawJSON(digits);
}
