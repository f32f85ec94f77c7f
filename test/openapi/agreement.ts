/** Holds real calls and their answers against the published description: where they differ, somebody has been told a lie. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { routes } from "../../functions/routes.ts";
import {
  type Answer,
  type Header,
  type OpenApi,
  type Operation,
  resolved,
  type Schema,
} from "../../lib/docs/open-api.ts";
import { matchRoute } from "../../local/gateway-routing.ts";

/** As it lies in docs/: what callers read. */
export const published = JSON.parse(
  readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"),
) as OpenApi;

export interface Exchange {
  readonly method: string;
  /** With its query, if any. */
  readonly path: string;
  /** The request's JSON, if it had any. */
  readonly sent?: unknown;
  readonly status: number;
  /** Of the answer. */
  readonly headers: Headers;
  /** The answer's JSON; undefined for anything else. */
  readonly body: unknown;
}

/** The operation that answers a call. Undefined: there is no such call, and nothing to hold the answer against. */
export function operationOf(method: string, path: string): Operation | undefined {
  const route = matchRoute(routes, method, path.split("?", 1)[0] ?? "")?.route;
  return route && published.paths[route.path]?.[route.method.toLowerCase()];
}

/** One text each; none: the answer is as described, and so was the request, where it was taken. */
export function disagreements({ method, path, sent, status, headers, body }: Exchange): readonly string[] {
  const operation = operationOf(method, path);
  if (!operation) return [];
  const answer = operation.responses[status] && resolved<Answer>(operation.responses[status], published);
  if (!answer) return [`${operation.operationId}: the status ${status} is not described`];
  return [
    ...headerDisagreements(answer, headers),
    ...bodyDisagreements(answer, headers, body),
    ...(status < 300 && sent !== undefined ? sentDisagreements(operation, sent) : []),
  ].map((text) => `${operation.operationId} ${status}: ${text}`);
}

/** Headers that say something of an answer; the others are the connection's or the gateway's. */
const telling = [
  "etag",
  "idempotent-replayed",
  "location",
  "preference-applied",
  "retry-after",
  "www-authenticate",
  "x-request-id",
];

function headerDisagreements({ headers: described = {} }: Answer, headers: Headers): readonly string[] {
  const entries = Object.entries(described).map(
    ([name, header]) =>
      [name.toLowerCase(), resolved(header, published) as Header & { required: boolean; schema: Schema }] as const,
  );
  const names = entries.map(([name]) => name);
  return [
    ...entries.flatMap(([name, { required, schema }]) => {
      const value = headers.get(name);
      if (value === null) return required ? [`the header ${name} is missing`] : [];
      return breaches(schema, value).map((breach) => `the header ${name} ${breach}`);
    }),
    ...telling
      .filter((name) => headers.has(name) && !names.includes(name))
      .map((name) => `the header ${name} is not described`),
  ];
}

function bodyDisagreements({ content }: Answer, headers: Headers, body: unknown): readonly string[] {
  const [type = ""] = (headers.get("content-type") ?? "").split(";", 1);
  if (!content) return type === "" ? [] : [`a body of ${type} is not described`];
  const media = content[type];
  if (!media) return [`the content type "${type}" is not described`];
  return body === undefined ? [] : breaches(media.schema, body);
}

function sentDisagreements({ requestBody }: Operation, sent: unknown): readonly string[] {
  const schema = requestBody?.content["application/json"]?.schema;
  if (!schema) return ["a request's body is not described"];
  return breaches(schema, sent).map((breach) => `the request was taken, but ${breach}`);
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $defs: atHome(closed(published.components.schemas)) }, "api");
const checks = new Map<string, ValidateFunction>();

/** Where a value breaks a schema of the document. */
export function breaches(schema: Schema, value: unknown): readonly string[] {
  const text = JSON.stringify(schema);
  const check = checks.get(text) ?? ajv.compile(atHome(schema));
  checks.set(text, check);
  if (check(value)) return [];
  const errors = check.errors ?? [];
  return errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** References as they lead to the same schemas in the validator's own home for them. */
function atHome(schema: unknown): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"api#/$defs/')) as Schema;
}

/** The same with every object that lists its members closed: callers must expect more, but we know what we show. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isOpen =
    members["type"] === "object" && members["properties"] !== undefined && !("additionalProperties" in members);
  return isOpen ? { ...members, additionalProperties: false } : members;
}
