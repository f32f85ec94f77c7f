/** Checks a request's body as the platform's input models do, and collects AJV's complaints. */

import { isObject, NumberText } from "../json.ts";
import type { Issue } from "./answers.ts";

export class Inputs {
  /** Those of inner objects are among them. */
  readonly issues: Issue[];
  readonly #members: Record<string, unknown>;
  readonly #path: string;

  constructor(body: unknown, path = "", issues: Issue[] = []) {
    this.issues = issues;
    this.#members = isObject(body) ? body : {};
    this.#path = path;
    if (!isObject(body)) this.#complain("", "type", { type: "object" }, "must be object");
  }

  /** Refuses what is not documented: a client must not rely on what nobody promised. */
  allowOnly(names: readonly string[]): void {
    for (const name of Object.keys(this.#members).filter((each) => !names.includes(each))) {
      this.#add("additionalProperties", { additionalProperty: name }, "must NOT have additional properties");
    }
  }

  require(...names: readonly string[]): void {
    for (const name of names.filter((each) => this.#members[each] === undefined)) {
      this.#add("required", { missingProperty: name }, `must have required property '${name}'`);
    }
  }

  /** "Either accountNumber or walletId and currency are required". */
  requireAccount(): void {
    const { accountNumber, walletId, currency } = this.#members;
    if (accountNumber === undefined && (walletId === undefined || currency === undefined)) {
      this.#add("anyOf", {}, "must match a schema in anyOf");
    }
  }

  text(name: string, allowed?: readonly string[]): string | undefined {
    const value = this.#members[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string") this.#complain(`/${name}`, "type", { type: "string" }, "must be string");
    else if (allowed && !allowed.includes(value)) {
      const message = "must be equal to one of the allowed values";
      this.#complain(`/${name}`, "enum", { allowedValues: allowed }, message);
    } else return value;
    return undefined;
  }

  /** At least `min`; undefined where absent or wrong. */
  integer(name: string, min: number): number | undefined {
    const value = this.#members[name];
    if (value === undefined) return undefined;
    const number = value instanceof NumberText && /^-?\d{1,15}$/.test(value.text) ? Number(value.text) : undefined;
    if (number === undefined) this.#complain(`/${name}`, "type", { type: "integer" }, "must be integer");
    else if (number < min) {
      this.#complain(`/${name}`, "minimum", { comparison: ">=", limit: min }, `must be >= ${min}`);
    } else return number;
    return undefined;
  }

  object(name: string): Inputs | undefined {
    const value = this.#members[name];
    return value === undefined ? undefined : new Inputs(value, `${this.#path}/${name}`, this.issues);
  }

  rows(name: string): Inputs[] {
    const value = this.#members[name];
    if (value === undefined) return [];
    if (Array.isArray(value))
      return value.map((row, index) => new Inputs(row, `${this.#path}/${name}/${index}`, this.issues));
    this.#complain(`/${name}`, "type", { type: "array" }, "must be array");
    return [];
  }

  #complain(path: string, keyword: string, params: Issue["params"], message: string): void {
    const instancePath = this.#path + path;
    const parts = instancePath.split("/").slice(1);
    const schema = parts.map((part) => (/^\d+$/.test(part) ? "/items" : `/properties/${part}`)).join("");
    const schemaPath = `#${schema}/${keyword}`;
    this.issues.push({ instancePath, schemaPath, keyword, params, message });
  }

  #add(keyword: string, params: Issue["params"], message: string): void {
    this.#complain("", keyword, params, message);
  }
}
