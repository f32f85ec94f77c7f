/** JSON as the providers read and write it: a number keeps its digits, so 1000.00 is never a float on the way. */

/** A JSON number as it stood in the text, e.g. `1000.00` or `1e2`. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

interface ReviverContext {
  readonly source?: string;
}

type SourceReviver = (key: string, value: unknown, context: ReviverContext) => unknown;

const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;
const rawJson = (JSON as unknown as { rawJSON(text: string): object }).rawJSON;

/** The value of a JSON text, each number as a `NumberText`. Throws a SyntaxError where the text is not JSON. */
export const parseJson = (text: string): unknown =>
  parseWithSource(text, (_key, value, { source }) =>
    typeof value === "number" ? new NumberText(source ?? String(value)) : value,
  );

/** Like `parseJson`; undefined where the text is not JSON. */
export const tryParseJson = (text: string): unknown => {
  if (text === "") return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

/** Digits that `JSON.stringify` writes as they are: `jsonNumber("1000.00")`. */
export const jsonNumber = (digits: string): object => rawJson(digits);

/** Whether a JSON value is an object (not an array, not a number). */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
