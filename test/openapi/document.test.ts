/** The published description: valid, made from the code as it is now, complete, and true in its examples. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { routes } from "../../functions/routes.ts";
import type { Media, OpenApi, Parameter, Schema } from "../../lib/docs/open-api.ts";
import { resolved } from "../../lib/docs/open-api.ts";
import { problems } from "../../lib/domain/errors.ts";
import { check } from "../../lib/lambda/input.ts";
import { openApiDocument } from "../../openapi/document.ts";
import { routedEndpoints } from "../../openapi/handlers.ts";
import { operations } from "../../openapi/operations.ts";
import { describePaths } from "../../openapi/paths.ts";
import { breaches, published } from "./agreement.ts";

const described = Object.entries(published.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);
const endpoints = await routedEndpoints();

describe("the published description", () => {
  test("is the one that the code makes: npm run openapi writes it", async () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(await openApiDocument())));
  });

  test("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect((await validator.validate({ ...structuredClone(published) })).errors).toBeUndefined();
    expect(validator.version).toBe("3.1");
    const broken = { ...structuredClone(published), paths: { "/v1/a": { get: { responses: { 200: {} } } } } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  test("has every route, and nothing that is none", () => {
    const calls = described.map(({ method, path }) => `${method} ${path}`);
    expect(calls.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
    const { "get-health": _health, ...others } = operations;
    expect(() => describePaths(endpoints, others)).toThrow("get-health (GET /v1/health) has no words");
    const idle = { ...operations, "get-nothing": operations["get-health"] as never };
    expect(() => describePaths(endpoints, idle)).toThrow("get-nothing is described, but no route leads to it");
  });

  test("names each operation once, and puts each into a group that there is", () => {
    const names = described.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    const tags = published.tags.map(({ name }) => name);
    expect(new Set(described.flatMap(({ operation }) => operation.tags))).toEqual(new Set(tags));
  });

  test("asks for a key where the handler does, with the handler's scope", () => {
    const asked = described.map(({ method, path, operation }) => {
      const { endpoint } = endpoints.find(({ route }) => route.method === method && route.path === path) ?? {};
      return [operation.operationId, endpoint?.scope, operation.security] as const;
    });
    for (const [name, scope, security] of asked)
      expect([name, security]).toEqual([name, scope ? [{ apiKey: [scope] }] : []]);
    expect(asked.filter(([, scope]) => scope).length).toBeGreaterThan(10);
  });

  test("knows every problem code", () => {
    expect(Object.keys(published.components.examples)).toEqual(Object.keys(problems));
  });

  test("says something of every parameter and every field", () => {
    expect(fieldsWithoutWords(published)).toEqual([]);
    const amount: Schema = { type: "object", properties: { value: { type: "integer" } } };
    const components = { ...published.components, schemas: { Amount: amount } };
    expect(fieldsWithoutWords({ ...published, paths: {}, components })).toEqual(["Amount.value"]);
  });

  test("refers to nothing that is not there", () => {
    const references = [...JSON.stringify(published).matchAll(/"\$ref":"([^"]+)"/g)].map(([, $ref = ""]) => $ref);
    expect(references.length).toBeGreaterThan(100);
    for (const $ref of new Set(references)) expect(resolved({ $ref }, published)).toBeDefined();
  });
});

describe("an example in it", () => {
  const requests = described.flatMap(({ operation }) =>
    mediaIn(operation.requestBody?.content).map((media) => [operation.operationId, media] as const),
  );
  const answers = described.flatMap(({ operation }) =>
    Object.entries(operation.responses).flatMap(([status, answer]) =>
      mediaIn(resolved(answer, published).content).map(
        (media) => [`${operation.operationId} ${status}`, media] as const,
      ),
    ),
  );

  test.each(described)("keeps to its schema: $method $path", ({ operation: { operationId } }) => {
    const own = [...requests, ...answers].filter(([name]) => name.split(" ")[0] === operationId);
    for (const [name, media] of own) {
      for (const example of examplesOf(media)) expect([name, breaches(media.schema, example)]).toEqual([name, []]);
    }
    expect(own.length).toBeGreaterThan(0);
  });

  test("of a call is taken by the code, with its parameters", () => {
    // The examples are for the local run, whose receiver is on the same machine.
    vi.stubEnv("WEBHOOK_ALLOW_PRIVATE", "true");
    onTestFinished(() => void vi.unstubAllEnvs());
    let taken = 0;
    for (const { route, endpoint } of endpoints) {
      if (endpoint.from === "delivery") continue;
      const operation = published.paths[route.path]?.[route.method.toLowerCase()];
      const parameters = (operation?.parameters ?? []).map((one) => resolved<Parameter>(one, published));
      const given = parameters.filter((one) => one.in !== "header" && one.example !== undefined);
      const members = Object.fromEntries(given.map(({ name, example }) => [name, example]));
      const bodies = mediaIn(operation?.requestBody?.content).flatMap(examplesOf);
      for (const body of bodies.length > 0 ? bodies : [{}]) {
        expect(() => check(endpoint.input, { ...members, ...(body as object) })).not.toThrow();
        taken++;
      }
    }
    expect(taken).toBeGreaterThanOrEqual(routes.length);
  });

  test("is there for every body that is shown, but where a page or this document itself is", () => {
    const bare = answers.filter(([, media]) => examplesOf(media).length === 0).map(([name]) => name);
    expect(bare).toEqual(["getHealth 503", "getOpenapi 200", "getDocs 200"]);
  });
});

function mediaIn(content: Readonly<Record<string, Media>> | undefined): readonly Media[] {
  return Object.values(content ?? {});
}

function examplesOf({ example, examples = {} }: Media): readonly unknown[] {
  const named = Object.values(examples).map((one) => resolved(one, published).value);
  return example === undefined ? named : [example, ...named];
}

function fieldsWithoutWords({ paths, components }: OpenApi): readonly string[] {
  const parameters = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ operationId, parameters: all = [] }) =>
      all
        .map((one) => resolved<Parameter>(one, published))
        .filter(({ description }) => !description)
        .map(({ name }) => `${operationId} ${name}`),
    );
  return [...parameters, ...Object.entries(components.schemas).flatMap(([name, schema]) => silentFields(name, schema))];
}

/** A field whose schema has a name says with it what it is; so does one that has a single value. */
function silentFields(place: string, schema: Schema): readonly string[] {
  const members = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Schema>>);
  const rest = [schema["items"], ...((schema["anyOf"] ?? []) as readonly Schema[])].filter(
    (one): one is Schema => typeof one === "object",
  );
  return [
    ...members
      .filter(([, field]) => !field["description"] && !field["$ref"] && field["const"] === undefined)
      .map(([name]) => `${place}.${name}`),
    ...members.flatMap(([name, field]) => silentFields(`${place}.${name}`, field)),
    ...rest.flatMap((one) => silentFields(place, one)),
  ];
}
