/** The API's description as one HTML page: no script, nothing from elsewhere, readable at any width and in the dark. */
import { createHash } from "node:crypto";
import type { Call } from "./curl.ts";
import { type Html, html } from "./html.ts";
import type { OpenApi, Schema } from "./open-api.ts";
import { code, operationSection, webhookSection } from "./operation.ts";
import { inline, prose } from "./prose.ts";
import { fieldsOf } from "./schema.ts";
import { style } from "./style.ts";

export interface DocsPage {
  readonly text: string;
  /** Allows the page's own style, known by its hash, and nothing else. */
  readonly contentSecurityPolicy: string;
}

export function docsPage(document: OpenApi): DocsPage {
  const { info } = document;
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API</title>
<meta name="description" content="${info.summary}">
<link rel="icon" href="data:,">
<style>${{ html: style }}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><p class="title">${info.title} <span>${info.version}</span></p><p><a href="/openapi.json">openapi.json</a></p></header>
<div class="columns">
<nav aria-label="Contents"><details open><summary>Contents</summary>${contents(document)}</details></nav>
<main id="content">
<h1>${info.summary}</h1>
${prose(info.description)}
${firstCall(document)}
${document.tags.map(({ name, description }) => tagSection({ name, description }, document))}
${problemSection(document)}
${schemaSection(document)}
</main>
</div>
</body>
</html>
`;
  const hash = createHash("sha256").update(style).digest("base64");
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { text, contentSecurityPolicy };
}

function contents(document: OpenApi): Html {
  const entry = (id: string, text: string) => html`<li><a href="#${id}">${text}</a></li>`;
  return html`<ul>${document.tags.map(
    ({ name }) =>
      html`<li><a href="#${idOf(name)}">${name}</a><ul>${[
        ...callsOf(name, document),
        ...webhooksOf(name, document),
      ].map(({ operation }) => entry(operation.operationId, operation.summary))}</ul></li>`,
  )}${entry("problems", "Problems")}${entry("schemas", "Schemas")}</ul>`;
}

function firstCall({ components }: OpenApi): Html {
  return html`<h2 id="first-call">The first call</h2>
${Object.values(components.securitySchemes).map(({ description }) => prose(description))}
<p>The examples on this page take both from the environment, as the command line does, and work on the local stack (<code>npm start</code>) with the sandbox's own accounts, one after the other: the later ones read what the first ones made.</p>
${code("export MONEYBACK_URL=http://127.0.0.1:4000 MONEYBACK_API_KEY=mbk_local", "Settings")}`;
}

function tagSection({ name, description }: OpenApi["tags"][number], document: OpenApi): Html {
  return html`<section aria-labelledby="${idOf(name)}"><h2 id="${idOf(name)}">${name}</h2>
<p>${inline(description)}</p>
${callsOf(name, document).map((call) => operationSection(call, document))}
${webhooksOf(name, document).map((call) => webhookSection(call, document))}</section>`;
}

function problemSection({ components }: OpenApi): Html {
  const rows = Object.entries(components.examples).map(([name, { summary, value }]) => {
    const { status } = value as { readonly status: number };
    return html`<div class="answer" id="problem-${name}"><p class="status s${String(status).charAt(0)}">${status}</p><div><p><code class="name">${name}</code></p><p>${inline(summary)}</p></div></div>`;
  });
  return html`<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<p>Each is an <code>application/problem+json</code> document: <a href="#schema-Problem">Problem</a>.</p>
${rows}</section>`;
}

/** What answers show. What a call takes stands with the call. */
function schemaSection(document: OpenApi): Html {
  const taken = new Set(
    Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}))
      .map(({ schema }) => schema["$ref"]),
  );
  const shown = Object.entries(document.components.schemas).filter(
    ([name]) => !taken.has(`#/components/schemas/${name}`),
  );
  return html`<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>${shown.map(([name, schema]) => schemaArticle(name, schema))}</section>`;
}

function schemaArticle(name: string, schema: Schema): Html {
  const values = schema["enum"] as readonly string[] | undefined;
  return html`<article id="schema-${name}"><h3><a href="#schema-${name}">${name}</a></h3>
<p>${inline(String(schema["description"] ?? ""))}</p>
${values ? html`<p class="type">one of ${values.map((value) => html`<code>${value}</code> `)}</p>` : fieldsOf(schema)}</article>`;
}

function callsOf(tag: string, { paths }: OpenApi): readonly Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function webhooksOf(tag: string, { webhooks }: OpenApi): readonly Call[] {
  return Object.entries(webhooks)
    .filter(([, { post }]) => post.tags.includes(tag))
    .map(([path, { post }]) => ({ method: "POST", path, operation: post }));
}

function idOf(tag: string): string {
  return tag.toLowerCase().replaceAll(" ", "-");
}
