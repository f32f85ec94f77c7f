/** Reads the fields of a control request; a wrong one throws a `FieldError` that names it and what is allowed. */

/** Becomes a 400. */
export class FieldError extends Error {
  override readonly name = "FieldError";
  readonly field: string;
  readonly allowed: readonly string[] | undefined;

  constructor(field: string, problem: string, allowed?: readonly string[]) {
    super(`${field}: ${problem}${allowed ? `; allowed: ${allowed.join(", ") || "nothing"}` : ""}`);
    this.field = field;
    this.allowed = allowed;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** Refuses fields that nobody reads: a misspelt one would be ignored silently. */
export const refuseUnknown = (fields: Fields, known: readonly string[]): void => {
  const unknown = Object.keys(fields).find((each) => !known.includes(each));
  if (unknown !== undefined) throw new FieldError(unknown, "unknown field", known);
};

export const readText = (
  fields: Fields,
  field: string,
  { pattern, expected }: { pattern?: RegExp; expected?: string } = {},
): string => {
  const value = fields[field];
  if (value === undefined) throw new FieldError(field, "is missing", expected ? [expected] : undefined);
  if (typeof value !== "string" || value.trim() === "" || value.length > 300) {
    throw new FieldError(field, "is not a text of 1 to 300 characters", expected ? [expected] : undefined);
  }
  if (pattern && !pattern.test(value))
    throw new FieldError(field, `${quote(value)} is not allowed`, expected ? [expected] : undefined);
  return value;
};

export const readChoice = <Choice extends string>(
  fields: Fields,
  field: string,
  allowed: readonly Choice[],
): Choice => {
  const value = fields[field];
  const chosen = allowed.find((each) => each === value);
  if (chosen !== undefined) return chosen;
  throw new FieldError(field, value === undefined ? "is missing" : `${quote(value)} is unknown`, allowed);
};

export const readInteger = (fields: Fields, field: string, { min, max }: { min: number; max: number }): number => {
  const value = fields[field];
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new FieldError(field, value === undefined ? "is missing" : `${quote(value)} is not allowed`, [
    `an integer from ${min} to ${max}`,
  ]);
};

const quote = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
