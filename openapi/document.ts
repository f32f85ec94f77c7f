/** The whole API as an OpenAPI 3.1 document: made from the routes, their handlers, and the words in `operations.ts`. */
import { readFile } from "node:fs/promises";
import { routes } from "../functions/routes.ts";
import { type ProblemCode, problems } from "../lib/domain/errors.ts";
import { problemAnswers } from "./describe-answers.ts";
import { type DescribedOperation, describeOperation } from "./describe-operation.ts";
import type { Json } from "./field-texts.ts";
import { type RoutedEndpoint, routedEndpoints } from "./handlers.ts";
import { requestHeaders, responseHeaders } from "./headers.ts";
import { introduction, keyText } from "./introduction.ts";
import { operations } from "./operations.ts";
import { problemTexts } from "./problem-texts.ts";
import { shownSchemas } from "./schemas.ts";
import { tags } from "./tags.ts";
import { transactionWebhook } from "./transaction-webhook.ts";

const root = new URL("../", import.meta.url);

/** @throws Error naming a route without a description, or a description without a route */
export async function openApiDocument(): Promise<Json> {
  const { version } = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as { version: string };
  const described = (await routedEndpoints()).map(({ route, endpoint }) => ({
    route,
    ...describeOperation(route, endpoint, wordsOf(route)),
  }));
  const idle = Object.keys(operations).filter((name) => !routes.some((route) => route.function === name));
  if (idle.length > 0) throw new Error(`described, but no route: ${idle.join(", ")}`);
  return {
    openapi: "3.1.1",
    info: {
      title: "Moneyback",
      version,
      summary: "Sends money back, exactly once.",
      description: introduction,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "Where this document was read." }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: pathsOf(described),
    webhooks: { transaction: await transactionWebhook() },
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", bearerFormat: "mbk_…", description: keyText } },
      parameters: Object.fromEntries(
        Object.entries(requestHeaders).map(([id, header]) => [id, { ...header, in: "header" }]),
      ),
      headers: Object.fromEntries(
        Object.entries(responseHeaders).map(([id, { name: _name, ...header }]) => [id, header]),
      ),
      responses: problemAnswers(),
      examples: Object.fromEntries(
        (Object.keys(problems) as ProblemCode[]).map((code) => [code, problemExample(code)]),
      ),
      schemas: Object.assign(shownSchemas(), ...described.map(({ schemas }) => schemas)),
    },
  };
}

function wordsOf(route: RoutedEndpoint["route"]) {
  const words = operations[route.function];
  if (!words)
    throw new Error(`${route.method} ${route.path} has no description: add ${route.function} to openapi/operations/`);
  return words;
}

function pathsOf(described: readonly ({ readonly route: RoutedEndpoint["route"] } & DescribedOperation)[]): Json {
  const byPath = Map.groupBy(described, ({ route }) => route.path);
  return Object.fromEntries(
    [...byPath].map(([path, all]) => [
      path,
      Object.fromEntries(all.map(({ route, operation }) => [route.method.toLowerCase(), operation])),
    ]),
  );
}

function problemExample(code: ProblemCode): Json {
  const { status, title } = problems[code];
  const { when, detail, errors } = problemTexts[code];
  const type = `urn:moneyback:problem:${code}`;
  const value = { type, title, status, detail, code, ...(errors && { errors }), requestId: "JKJaXmPLvHcESHA=" };
  return { summary: when, value };
}
