/** Reads the members of a request's body; keeps the first thing that is wrong with them. */

import { toMinorUnits } from "../decimals.ts";
import { isObject, NumberText } from "../json.ts";

/** Documented for refunds: 16 digits in all, at most 2 of them decimals. Taken to hold for spendbacks, too. */
const PLAIN_AMOUNT = /^\d{1,14}(\.\d{1,2})?$/;

export class Inputs {
  /** Undefined while everything read was right. */
  problem: string | undefined;
  readonly #members: Record<string, unknown>;

  constructor(body: unknown) {
    this.#members = isObject(body) ? body : {};
    if (!isObject(body)) this.problem = "A JSON object is required";
  }

  refuse(problem: string): void {
    this.problem ??= problem;
  }

  /** Refuses what is not documented: a client must not rely on what nobody promised. */
  allowOnly(names: readonly string[]): void {
    for (const name of Object.keys(this.#members)) if (!names.includes(name)) this.refuse(`${name} is not allowed`);
  }

  rows(name: string): Inputs[] {
    const value = this.#members[name];
    return Array.isArray(value) ? value.map((row) => new Inputs(row)) : [];
  }

  inner(name: string): Inputs {
    return new Inputs(this.#members[name]);
  }

  /** Undefined where absent, empty or wrong. */
  text(name: string, lengthMax: number): string | undefined {
    const value = this.#members[name];
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") this.refuse(`${name} must be a string`);
    else if (value.length > lengthMax) this.refuse(`${name} length must be less than or equal to ${lengthMax}`);
    else return value;
    return undefined;
  }

  /** Digits; undefined where absent or wrong. */
  integer(name: string): string | undefined {
    const value = this.#members[name];
    if (value === undefined) return undefined;
    if (value instanceof NumberText && /^\d{1,18}$/.test(value.text)) return value.text;
    this.refuse(`${name} must be an integer`);
    return undefined;
  }

  currency(name: string): string {
    const code = this.text(name, 3) ?? "";
    if (!/^[A-Z]{3}$/.test(code)) this.refuse(`${name} must be a three-character ISO code`);
    return code;
  }

  /** Minor units, at least 1; 0 where absent or wrong. */
  amount(name: string, currency: string): number {
    const value = this.#members[name];
    const isPlain = value instanceof NumberText && PLAIN_AMOUNT.test(value.text);
    const minor = isPlain ? toMinorUnits(value.text, currency) : undefined;
    if (minor) return minor;
    this.refuse(`${name} must be a positive number with at most two decimals`);
    return 0;
  }
}
