/** Reads a request's fields and collects every wrong one under its PascalCase path, as i-payout's -72 lists them. */

import { exponentOf, toMinorUnits } from "../decimals.ts";
import { isObject, NumberText } from "../json.ts";

interface TextRule {
  readonly max: number;
  readonly optional?: true;
  /** The word in "… is required"; the field's name unless given. */
  readonly label?: string;
}

export class Inputs {
  /** Empty while everything read was right. */
  readonly errors: Record<string, string[]>;
  readonly #fields: Record<string, unknown>;
  readonly #path: string;

  constructor(body: unknown, path = "", errors: Record<string, string[]> = {}) {
    this.errors = errors;
    this.#path = path;
    this.#fields = isObject(body) ? body : {};
    if (!isObject(body)) this.refuse("body", "A JSON object is required");
  }

  get areValid(): boolean {
    return Object.keys(this.errors).length === 0;
  }

  has(field: string): boolean {
    return field in this.#fields;
  }

  refuse(field: string, message: string): void {
    const key = this.#path + pascal(field);
    this.errors[key] = [...(this.errors[key] ?? []), message];
  }

  /** Refuses what the schema does not declare. */
  allowOnly(fields: readonly string[]): void {
    for (const field of Object.keys(this.#fields)) {
      if (!fields.includes(field)) this.refuse(field, `${pascal(field)} is not a known field`);
    }
  }

  /** Empty where absent or wrong. */
  text(field: string, { max, optional, label = pascal(field) }: TextRule): string {
    const value = this.#fields[field] ?? "";
    if (typeof value !== "string") this.refuse(field, `${label} must be a string`);
    else if (value.trim() === "" && !optional) this.refuse(field, `${label} is required`);
    else if (value.length > max) this.refuse(field, `${label} must not exceed ${max} characters`);
    else return value;
    return "";
  }

  /** False where absent or wrong. */
  flag(field: string, { optional }: { readonly optional?: true } = {}): boolean {
    const value = this.#fields[field] ?? undefined;
    if (typeof value === "boolean") return value;
    if (value !== undefined || !optional) this.refuse(field, `${pascal(field)} must be true or false`);
    return false;
  }

  currency(field: string): string {
    const code = this.text(field, { max: 3 });
    if (code !== "" && !/^[A-Z]{3}$/.test(code)) this.refuse(field, "Invalid currency code");
    return code;
  }

  /** Minor units, at least 0.01 of the currency as the contract has it for items; 0 where absent or wrong. */
  amount(field: string, currency: string): number {
    const value = this.#fields[field];
    const minor = value instanceof NumberText ? toMinorUnits(value.text, currency) : undefined;
    if (value === undefined || value === null) this.refuse(field, `${pascal(field)} is required`);
    else if (minor === undefined || minor < Math.max(1, 10 ** (exponentOf(currency) - 2))) {
      this.refuse(field, `Invalid ${field}`);
    } else return minor;
    return 0;
  }

  /** The elements of an array of objects; none, and refused, where absent, empty or too many. */
  rows(field: string, { max }: { readonly max: number }): Inputs[] {
    const value = this.#fields[field];
    if (Array.isArray(value) && value.length > 0 && value.length <= max) {
      return value.map((row, index) => new Inputs(row, `${this.#path}${pascal(field)}[${index}].`, this.errors));
    }
    this.refuse(field, `${pascal(field)} must hold 1 to ${max} records`);
    return [];
  }
}

const pascal = (field: string): string => field.charAt(0).toUpperCase() + field.slice(1);
