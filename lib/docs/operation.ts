/** One operation on the page: how it is called, an example to try, and what it answers. */
import { type Call, commandsOf } from "./curl.ts";
import { type Html, html, nothing } from "./html.ts";
import {
  type Answer,
  type Example,
  type Media,
  type OpenApi,
  type Parameter,
  resolved,
  type Schema,
} from "./open-api.ts";
import { inline, prose } from "./prose.ts";
import { fieldOf, fieldsOf, typeOf } from "./schema.ts";

export function operationSection(call: Call, document: OpenApi): Html {
  const { method, path, operation } = call;
  return html`<article id="${operation.operationId}">
<h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
<p class="call"><span class="method ${method.toLowerCase()}">${method}</span> <code>${breakable(path)}</code></p>
<p class="scope">${scopeOf(call)}</p>
${prose(operation.description)}
${parametersOf(call, document)}
${bodyOf(call, document)}
<h4>${commandsOf(call, document).length > 1 ? "Examples" : "Example"}</h4>
${commandsOf(call, document).map(
  ({ title, text }) =>
    html`<figure>${title ? html`<figcaption>${title}</figcaption>` : nothing}${code(text, "Example call")}</figure>`,
)}
${answersOf(call, document)}
</article>`;
}

/** What arrives at a caller's endpoint. */
export function webhookSection(call: Call, document: OpenApi): Html {
  const { operation } = call;
  return html`<article id="${operation.operationId}">
<h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
<p class="call"><span class="method post">POST</span> <code>your address</code></p>
${prose(operation.description)}
${parametersOf(call, document)}
${bodyOf(call, document)}
${answersOf(call, document)}
</article>`;
}

/** Long lines can be scrolled, with the keyboard, too. */
export function code(text: string, label: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;
}

function scopeOf({ operation }: Call): Html {
  const scopes = operation.security.flatMap((one) => Object.values(one).flat());
  if (scopes.length === 0) return html`No API key`;
  return html`API key with ${scopes.map((scope) => html`<code>${scope}</code>`)}`;
}

const places = { path: "In the path", query: "In the query", header: "Headers" };

function parametersOf({ operation }: Call, document: OpenApi): Html {
  const all = (operation.parameters ?? []).map((parameter) => resolved<Parameter>(parameter, document));
  return html`${Object.entries(places).map(([place, title]) => {
    const here = all.filter((parameter) => parameter.in === place);
    if (here.length === 0) return nothing;
    const fields = here.map(({ name, schema, description, required }) =>
      fieldOf(name, { ...schema, description }, required),
    );
    return html`<h4>${title}</h4><ul class="fields">${fields}</ul>`;
  })}`;
}

function bodyOf({ operation }: Call, document: OpenApi): Html {
  const [media] = Object.values(operation.requestBody?.content ?? {});
  if (!media) return nothing;
  const schema = resolved<Schema>(media.schema, document);
  const description = schema["description"] as string | undefined;
  return html`<h4>Body</h4>${description === undefined ? nothing : html`<p>${inline(description)}</p>`}${fieldsOf(schema)}`;
}

function answersOf({ operation }: Call, document: OpenApi): Html {
  const rows = Object.entries(operation.responses).map(([status, answer]) =>
    answerOf(status, resolved<Answer>(answer, document), document),
  );
  return html`<h4>Answers</h4><div class="answers">${rows}</div>`;
}

function answerOf(status: string, { description, headers = {}, content = {} }: Answer, document: OpenApi): Html {
  const [[type, media] = []] = Object.entries(content);
  const isProblem = type === "application/problem+json";
  const [first = "", ...more] = description.split("\n\n");
  const said = isProblem
    ? html`${[first, ...more].map((text) => html`<p>${problemLink(text)}</p>`)}`
    : html`<p>${inline(description)}</p>`;
  const named = Object.entries(headers).filter(([name]) => name !== "X-Request-Id");
  const details = html`${named.map(([name, header]) => {
    const { description: text } = resolved(header, document);
    return html`<p><code class="name">${name}</code> ${inline(text)}</p>`;
  })}${media && !isProblem ? shownOf(media, document) : nothing}`;
  return html`<div class="answer"><p class="status s${status.charAt(0)}">${status}</p><div>${said}${details}</div></div>`;
}

function shownOf({ schema, example, examples = {} }: Media, document: OpenApi): Html {
  const named = Object.values(examples).map((one) => resolved<Example>(one, document));
  const all = example === undefined ? named : [{ summary: "Example", value: example }, ...named];
  if (all.length === 0 && !schema["$ref"]) return nothing;
  return html`<p>Body: ${typeOf(schema)}</p>${all.map(
    ({ summary, value }) =>
      html`<details><summary>${summary}</summary>${code(JSON.stringify(value, null, 2), "Example answer")}</details>`,
  )}`;
}

/** A problem's text begins with its code. */
function problemLink(text: string): Html {
  const [, name, rest] = /^`(\w+)`(.*)$/s.exec(text) ?? [];
  return name === undefined
    ? inline(text)
    : html`<a href="#problem-${name}"><code>${name}</code></a>${inline(rest ?? "")}`;
}

/** A long path may break at its slashes. */
function breakable(path: string): Html {
  return html`${path.split("/").map((part, place) => html`${place === 0 ? "" : "/"}<wbr>${part}`)}`;
}
