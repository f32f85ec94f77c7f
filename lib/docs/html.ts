/** HTML from templates: whatever is put in is text and is escaped, unless it is HTML already. */

export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | readonly Html[];

/** An absent part is nothing; a list is its members, one after the other. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.reduce((made, text, place) => made + textOf(parts[place - 1]) + text) };
}

export const nothing: Html = { html: "" };

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (Array.isArray(part)) return part.map(({ html }) => html).join("");
  return typeof part === "object" ? (part as Html).html : escaped(String(part));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
