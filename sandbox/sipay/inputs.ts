/** Reads a request's fields and collects every wrong one under its name. */

import { toMinorUnits } from "../decimals.ts";
import { isObject, NumberText } from "../json.ts";

export class Inputs {
  /** Empty while everything read was right. */
  readonly errors: Record<string, string[]> = {};
  readonly #fields: Record<string, unknown>;

  /** Refuses what the documents do not name. */
  constructor(body: unknown, known: readonly string[]) {
    this.#fields = isObject(body) ? body : {};
    if (!isObject(body)) this.refuse("body", "A JSON object is required.");
    for (const field of Object.keys(this.#fields)) {
      if (!known.includes(field)) this.refuse(field, `The ${field} field is not known.`);
    }
  }

  get areValid(): boolean {
    return Object.keys(this.errors).length === 0;
  }

  refuse(field: string, message: string): void {
    this.errors[field] = [...(this.errors[field] ?? []), message];
  }

  /** Empty where absent or wrong. */
  required(field: string): string {
    const value = this.optional(field);
    if (value === "" && !this.errors[field]) this.refuse(field, `The ${field} field is required.`);
    return value;
  }

  /** Empty where absent, null or wrong. */
  optional(field: string): string {
    const value = this.#fields[field] ?? "";
    if (typeof value === "string") return value;
    this.refuse(field, `The ${field} field must be a string.`);
    return "";
  }

  /** Minor units from a number or a text, both of which the samples send; 0 where absent or wrong. */
  amount(field: string, currency: string): number {
    const value = this.#fields[field];
    const text = value instanceof NumberText ? value.text : value;
    const minor = typeof text === "string" ? toMinorUnits(text, currency) : undefined;
    if (minor !== undefined && minor >= 1) return minor;
    this.refuse(field, `The ${field} field is not a positive decimal.`);
    return 0;
  }

  /** A whole number, or the default where absent. */
  integer(field: string, absent: number): number {
    const value = this.#fields[field];
    if (value === undefined || value === null) return absent;
    const whole = value instanceof NumberText && /^\d{1,9}$/.test(value.text) ? Number(value.text) : undefined;
    if (whole === undefined) this.refuse(field, `The ${field} field is not an integer.`);
    return whole ?? absent;
  }

  /** Milliseconds; undefined where absent or wrong. */
  time(field: string): number | undefined {
    const text = this.optional(field);
    if (text === "") return undefined;
    const time = Date.parse(text);
    if (Number.isNaN(time)) this.refuse(field, `The ${field} field is not a datetime.`);
    return Number.isNaN(time) ? undefined : time;
  }
}
