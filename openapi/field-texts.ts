/** What a request's fields say for themselves, beside what the code's schemas can: words, and the rules that live in refinements. */

export type Json = { readonly [name: string]: unknown };

/**
 * By the field's path (`amount.value`; members of an array's rows follow its name, `splits.percent`; the whole is ""). A text
 * is the description; an object also holds keywords, which replace what the schema made of the field.
 */
export type FieldTexts = Readonly<Record<string, string | Json>>;

/** The schema with each field's text in its place. */
export function withTexts(schema: Json, texts: FieldTexts, path = ""): Json {
  const text = texts[path];
  return { ...withMembers(schema, texts, path), ...(typeof text === "string" ? { description: text } : text) };
}

function withMembers(schema: Json, texts: FieldTexts, path: string): Json {
  const { items, properties } = schema;
  const member = ([name, field]: [string, unknown]) => [
    name,
    withTexts(field as Json, texts, path ? `${path}.${name}` : name),
  ];
  return {
    ...schema,
    ...(isJson(properties) && { properties: Object.fromEntries(Object.entries(properties).map(member)) }),
    ...(isJson(items) && { items: withMembers(items, texts, path) }),
  };
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
