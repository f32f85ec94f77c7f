/** One operation as OpenAPI has it: what its route and handler say, with the words of its description. */
import type { Route } from "../functions/routes.ts";
import { type EndpointFacts, inputSourceOf } from "../lib/lambda/endpoint.ts";
import { describeAnswers } from "./describe-answers.ts";
import { type Json, withTexts } from "./field-texts.ts";
import { moneyTexts } from "./money-texts.ts";
import type { ExampleCall, Operation } from "./operation.ts";
import { inputSchema } from "./schemas.ts";

export interface DescribedOperation {
  readonly operation: Json;
  /** The schema of the request's body, under the name by which the operation refers to it. */
  readonly schemas: Json;
}

export function describeOperation(route: Route, endpoint: EndpointFacts, words: Operation): DescribedOperation {
  const { path, query, body } = inputOf(route, endpoint, words);
  const name = pascalCase(route.function);
  const examples = words.examples ?? [];
  const parameters = [
    ...parametersIn("path", path, examples),
    ...parametersIn("query", query, examples),
    ...(endpoint.mutates ? [headerReference("idempotencyKey")] : []),
    ...(words.headers ?? []).map(headerReference),
  ];
  const operation = {
    operationId: name.charAt(0).toLowerCase() + name.slice(1),
    tags: [words.tag],
    summary: words.summary,
    description: words.description,
    security: endpoint.scope ? [{ apiKey: [endpoint.scope] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(isNamed(body) ? reference(name) : body, examples) }),
    responses: describeAnswers({ route, endpoint, words, isChecked: isChecked(inputSchema(endpoint.input)) }),
  };
  return { operation, schemas: body && isNamed(body) ? { [name]: body } : {} };
}

interface Input {
  readonly path: Json;
  readonly query: Json;
  readonly body?: Json;
}

/** The input's members, each where the call has it; as the endpoint's shell reads them. */
function inputOf(route: Route, endpoint: EndpointFacts, words: Operation): Input {
  const schema = withTexts(inputSchema(endpoint.input), { ...moneyTexts, ...words.fields });
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const [path, rest] = divided(schema, names);
  switch (inputSourceOf(endpoint, route.method)) {
    case "parameters":
      return { path, query: rest };
    case "path and body":
      return { path, query: {}, body: rest };
    case "body":
      return { path: {}, query: {}, body: schema };
    case "delivery":
      return { path, query: {}, body: { description: "Whatever the provider sends." } };
  }
}

/** An object's schema in two: the members with these names, and the others. */
function divided(schema: Json, names: readonly string[]): [Json, Json] {
  const required = (schema["required"] ?? []) as readonly string[];
  const members = Object.entries((schema["properties"] ?? {}) as Json);
  const part = (isIn: (name: string) => boolean): Json => {
    const needed = required.filter(isIn);
    const { required: _whole, ...rest } = schema;
    const properties = Object.fromEntries(members.filter(([name]) => isIn(name)));
    return { ...rest, properties, ...(needed.length > 0 && { required: needed }) };
  };
  return [part((name) => names.includes(name)), part((name) => !names.includes(name))];
}

function parametersIn(place: "path" | "query", schema: Json, examples: readonly ExampleCall[]): Json[] {
  const required = (schema["required"] ?? []) as readonly string[];
  return Object.entries((schema["properties"] ?? {}) as Json).map(([name, field]) => {
    const { description, ...kept } = field as Json;
    const example = examples.find(({ parameters }) => parameters?.[name] !== undefined)?.parameters?.[name];
    return {
      name,
      in: place,
      description,
      required: required.includes(name),
      schema: kept,
      ...(example !== undefined && { example }),
    };
  });
}

function requestBody(schema: Json, examples: readonly ExampleCall[]): Json {
  const named = examples.map(({ title, body }, index) => [`example${index + 1}`, { summary: title, value: body }]);
  return {
    required: true,
    content: { "application/json": { schema, examples: Object.fromEntries(named) } },
  };
}

/** Whether anything can be wrong with the input. */
function isChecked(schema: Json): boolean {
  return schema["additionalProperties"] === false;
}

function isNamed(body: Json): boolean {
  return body["type"] === "object";
}

function headerReference(header: string): Json {
  return { $ref: `#/components/parameters/${header}` };
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
