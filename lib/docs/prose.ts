/** The little of Markdown that descriptions are written in: paragraphs, points, **bold** and `code`. */
import { type Html, html } from "./html.ts";

/** Paragraphs are apart by an empty line; one whose lines begin with `*` is a list. */
export function prose(text: string): Html {
  return html`${text.split(/\n\n+/).map((block) => {
    const lines = block.split("\n");
    if (!lines.every((line) => line.startsWith("* "))) return html`<p>${inline(block)}</p>`;
    return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`;
  })}`;
}

/** Without paragraphs: for a line of its own, or a heading. */
export function inline(text: string): Html {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
  return html`${parts.map((part) => {
    if (part.startsWith("`")) return html`<code>${part.slice(1, -1)}</code>`;
    if (part.startsWith("**")) return html`<strong>${part.slice(2, -2)}</strong>`;
    return html`${part}`;
  })}`;
}
