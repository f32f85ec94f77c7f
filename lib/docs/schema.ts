/** A JSON Schema as nested lists of fields: what each is, whether it must be there, and what it says. */
import { type Html, html, nothing } from "./html.ts";
import { nameIn, type Reference, type Schema } from "./open-api.ts";
import { inline } from "./prose.ts";

/** The members of an object, of an array's rows, or of each alternative. */
export function fieldsOf(schema: Schema): Html {
  const properties = schema["properties"] as Readonly<Record<string, Schema>> | undefined;
  const required = (schema["required"] ?? []) as readonly string[];
  const alternatives = alternativesOf(schema);
  if (properties) {
    const fields = Object.entries(properties).map(([name, field]) => fieldOf(name, field, required.includes(name)));
    return html`<ul class="fields">${fields}</ul>`;
  }
  if (isSchema(schema["items"])) return fieldsOf(schema["items"]);
  if (alternatives?.some((one) => one["properties"])) {
    return html`${alternatives.map(
      (one, place) => html`<div class="alternative"><p>${place === 0 ? "Either" : "Or"}</p>${fieldsOf(one)}</div>`,
    )}`;
  }
  return nothing;
}

export function fieldOf(name: string, field: Schema, isRequired: boolean): Html {
  const description = field["description"] as string | undefined;
  return html`<li><p><code class="name">${name}</code> <span class="type">${typeOf(field)}</span>${
    isRequired ? html` <span class="required">required</span>` : nothing
  }</p>${description === undefined ? nothing : html`<p>${inline(description)}</p>`}${fieldsOf(field)}</li>`;
}

/** In a few words; a schema with a name leads to where it is shown. */
export function typeOf(schema: Schema): Html {
  if (isReference(schema)) return html`<a href="#schema-${nameIn(schema)}">${nameIn(schema)}</a>`;
  if (isSchema(schema["items"])) return html`list of ${typeOf(schema["items"])}${limits(schema)}`;
  if (schema["const"] !== undefined) return html`<code>${JSON.stringify(schema["const"])}</code>`;
  const values = schema["enum"] as readonly unknown[] | undefined;
  if (values) return html`one of ${listed(values.map((value) => html`<code>${String(value)}</code>`))}`;
  const alternatives = alternativesOf(schema);
  if (alternatives && !schema["properties"]) {
    const types = alternatives.map(typeOf);
    return new Set(types.map(({ html }) => html)).size === 1 ? html`${types[0]}` : listed(types, " or ");
  }
  const rest = schema["additionalProperties"];
  const type = isSchema(rest) ? html`object of ${typeOf(rest)}` : html`${String(schema["type"] ?? "anything")}`;
  return html`${type}${limits(schema)}`;
}

/** What a value may be, beside its type. */
function limits(schema: Schema): Html {
  const { format, pattern, minimum, exclusiveMinimum, maximum } = schema;
  const { minLength = 0, maxLength, minItems = 0, maxItems, minProperties, maxProperties } = schema;
  const { default: fallback } = schema;
  const range = [
    ...(isBound(minimum) ? [`from ${grouped(minimum)}`] : []),
    ...(isBound(exclusiveMinimum) ? [`above ${grouped(exclusiveMinimum)}`] : []),
    ...(isBound(maximum) ? [`to ${grouped(maximum)}`] : []),
  ];
  const said = [
    ...(format !== undefined ? [html`${String(format)}`] : []),
    // A format says the same in a word.
    ...(pattern !== undefined && format === undefined ? [html`<code>${String(pattern)}</code>`] : []),
    ...(range.length > 0 ? [html`${range.join(" ")}`] : []),
    ...(maxLength !== undefined ? [html`${String(minLength)} to ${String(maxLength)} characters`] : []),
    ...(maxItems !== undefined ? [html`${String(minItems)} to ${String(maxItems)} rows`] : []),
    ...(minProperties !== undefined ? [html`at least ${String(minProperties)}`] : []),
    ...(maxProperties !== undefined ? [html`at most ${String(maxProperties)}`] : []),
    ...(fallback !== undefined ? [html`else <code>${JSON.stringify(fallback)}</code>`] : []),
  ];
  return said.length === 0 ? nothing : html`, ${listed(said)}`;
}

/** The ends of the safe integers are no limit that anybody set. */
function isBound(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function listed(parts: readonly Html[], separator = ", "): Html {
  return html`${parts.map((part, place) => html`${place === 0 ? "" : separator}${part}`)}`;
}

function alternativesOf(schema: Schema): readonly Schema[] | undefined {
  return (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
}

function isReference(schema: Schema): schema is Schema & Reference {
  return typeof schema["$ref"] === "string";
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}

/** 1000000 as 1 000 000, with spaces that do not break. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
