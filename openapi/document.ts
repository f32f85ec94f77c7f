/** The whole API as an OpenAPI 3.1 document: made from the routes, their handlers, and the words in `operations.ts`. */
import { readFile } from "node:fs/promises";
import { type ProblemCode, problems } from "../lib/domain/errors.ts";
import { rowSchemas } from "./batch-rows.ts";
import { problemAnswers } from "./describe-answers.ts";
import type { Json } from "./field-texts.ts";
import { routedEndpoints } from "./handlers.ts";
import { requestHeaders, responseHeaders } from "./headers.ts";
import { introduction, keyText } from "./introduction.ts";
import { operations } from "./operations.ts";
import { describePaths } from "./paths.ts";
import { problemTexts } from "./problem-texts.ts";
import { shownSchemas } from "./schemas.ts";
import { sentWebhooks } from "./sent-webhooks.ts";
import { tags } from "./tags.ts";

const packageUrl = new URL("../package.json", import.meta.url);

export async function openApiDocument(): Promise<Json> {
  const { version } = JSON.parse(await readFile(packageUrl, "utf8")) as { version: string };
  const { paths, schemas } = describePaths(await routedEndpoints(), operations);
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
    paths,
    webhooks: await sentWebhooks(),
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", bearerFormat: "mbk_…", description: keyText } },
      parameters: mapped(requestHeaders, (header) => ({ ...header, in: "header" })),
      headers: mapped(responseHeaders, ({ name: _name, ...header }) => header),
      responses: problemAnswers(),
      examples: mapped(problems, problemExample),
      schemas: { ...shownSchemas(), ...rowSchemas(), ...schemas },
    },
  };
}

function problemExample({ status, title }: (typeof problems)[ProblemCode], code: ProblemCode): Json {
  const { when, detail, errors } = problemTexts[code];
  const type = `urn:moneyback:problem:${code}`;
  const value = { type, title, status, detail, code, ...(errors && { errors }), requestId: "JKJaXmPLvHcESHA=" };
  return { summary: when, value };
}

function mapped<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
  map: (value: Value, key: Key) => Json,
): Json {
  return Object.fromEntries((Object.entries(record) as [Key, Value][]).map(([key, value]) => [key, map(value, key)]));
}
