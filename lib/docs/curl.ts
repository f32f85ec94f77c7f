/** Example calls as commands for a shell. */
import { type Media, type OpenApi, type Operation, type Parameter, resolved } from "./open-api.ts";

export interface Command {
  readonly title: string;
  readonly text: string;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** One for each example of a body; for a call without a body, one. */
export function commandsOf(call: Call, document: OpenApi): readonly Command[] {
  const [media] = Object.values(call.operation.requestBody?.content ?? {});
  if (!media) return [{ title: "", text: commandOf(call, document) }];
  return examplesOf(media, document).map(({ summary, value }, place) => ({
    title: summary,
    text: commandOf(call, document, { number: place + 1, value }),
  }));
}

function examplesOf({ examples = {} }: Media, document: OpenApi) {
  return Object.values(examples).map((example) => resolved(example, document));
}

function commandOf(
  { method, path, operation }: Call,
  document: OpenApi,
  body?: { readonly number: number; readonly value: unknown },
): string {
  const parameters = (operation.parameters ?? []).map((parameter) => resolved<Parameter>(parameter, document));
  const given = (place: string) => parameters.filter((one) => one.in === place && one.example !== undefined);
  const filled = given("path").reduce((text, { name, example }) => text.replace(`{${name}}`, example ?? ""), path);
  const query = given("query").map(({ name, example = "" }) => `${name}=${encodeURIComponent(example)}`);
  const headers = given("header").map(({ name, example = "" }) =>
    // A key of its own for each example: two calls with one key would be one.
    name === "Idempotency-Key" ? `${name}: try-${operation.operationId}-${body?.number ?? 1}` : `${name}: ${example}`,
  );
  // What curl does unless it is told otherwise.
  const isUsual = method === (body ? "POST" : "GET");
  const url = `$MONEYBACK_URL${filled}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const words = [
    `curl -s${isUsual ? "" : ` -X ${method}`} "${url}"`,
    ...(operation.security.length > 0 ? [`-H "Authorization: Bearer $MONEYBACK_API_KEY"`] : []),
    ...headers.map((header) => `-H ${quoted(header)}`),
    ...(body ? ["-H 'Content-Type: application/json'", `-d ${quoted(indented(body.value))}`] : []),
  ];
  return words.join(" \\\n  ");
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
