/** As much of JSON Schema (2020-12) as the events' schemas use. A keyword that this does not know throws: silence would be a rule that never fires. */

export type Schema = { readonly [keyword: string]: unknown };

/** Words that say something and forbid nothing. */
const annotations = new Set(["$schema", "$id", "title", "description", "examples", "format"]);

type Check = (operand: never, value: unknown, schema: Schema) => readonly string[];

/** Where the value breaks the schema: one text each, beginning with the place. Empty: it keeps to it. */
export function breaches(schema: Schema, value: unknown, place = "$"): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, operand]) => {
    if (annotations.has(keyword)) return [];
    const check = Object.hasOwn(checks, keyword) ? checks[keyword] : undefined;
    if (!check) throw new Error(`the keyword ${keyword} is not known here`);
    return check(operand as never, value, schema).map((breach) => `${place}${breach}`);
  });
}

const checks: Readonly<Record<string, Check>> = {
  type: (types: string | readonly string[], value) =>
    unless(
      [types].flat().some((type) => isOf(type, value)),
      `is no ${types}`,
    ),
  const: (expected: unknown, value) => unless(value === expected, `is not ${expected}`),
  enum: (values: readonly unknown[], value) => unless(values.includes(value), "is none of the values"),
  anyOf: (schemas: readonly Schema[], value) =>
    unless(
      schemas.some((schema) => breaches(schema, value).length === 0),
      "fits no alternative",
    ),
  minLength: (min: number, value) => unless(typeof value !== "string" || [...value].length >= min, "is too short"),
  maxLength: (max: number, value) => unless(typeof value !== "string" || [...value].length <= max, "is too long"),
  pattern: (source: string, value) =>
    unless(typeof value !== "string" || new RegExp(source, "u").test(value), `does not match ${source}`),
  minimum: (min: number, value) => unless(typeof value !== "number" || value >= min, "is too small"),
  exclusiveMinimum: (min: number, value) => unless(typeof value !== "number" || value > min, "is too small"),
  maximum: (max: number, value) => unless(typeof value !== "number" || value <= max, "is too large"),
  minItems: (min: number, value) => unless(!Array.isArray(value) || value.length >= min, "has too few items"),
  maxItems: (max: number, value) => unless(!Array.isArray(value) || value.length <= max, "has too many items"),
  items: (schema: Schema, value) =>
    Array.isArray(value) ? value.flatMap((item, index) => breaches(schema, item, `.${index}`)) : [],
  minProperties: (min: number, value) =>
    unless(!isObject(value) || Object.keys(value).length >= min, "has too few members"),
  maxProperties: (max: number, value) =>
    unless(!isObject(value) || Object.keys(value).length <= max, "has too many members"),
  required: (names: readonly string[], value) =>
    isObject(value) ? names.filter((name) => !Object.hasOwn(value, name)).map((name) => `.${name} is missing`) : [],
  propertyNames: (schema: Schema, value) =>
    isObject(value) ? Object.keys(value).flatMap((name) => breaches(schema, name, `'s name ${name} `)) : [],
  properties: (schemas: Readonly<Record<string, Schema>>, value) =>
    membersOf(value).flatMap(([name, member]) =>
      Object.hasOwn(schemas, name) ? breaches(schemas[name] ?? {}, member, `.${name}`) : [],
    ),
  additionalProperties: (rest: boolean | Schema, value, { properties = {} }) =>
    membersOf(value)
      .filter(([name]) => !Object.hasOwn(properties as object, name))
      .flatMap(([name, member]) => {
        if (typeof rest === "boolean") return unless(rest, `.${name} is not known`);
        return breaches(rest, member, `.${name}`);
      }),
};

function unless(holds: boolean, breach: string): readonly string[] {
  return holds ? [] : [` ${breach}`];
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      throw new Error(`the type ${type} is not known here`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function membersOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}
