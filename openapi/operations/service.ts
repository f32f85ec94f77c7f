/** The calls about the service itself. */
import { ShownHealth } from "../../lib/lambda/shown-connection.ts";
import { health } from "../examples/answers.ts";
import type { Operation } from "../operation.ts";

export const serviceOperations = {
  "get-health": {
    tag: "Service",
    summary: "Read the service's health",
    description:
      "Whether the service can do its work, which connections it cannot call, and which providers are down. It never calls a provider.",
    answers: {
      200: { text: "It works; `degraded` says that not every connection does.", shows: ShownHealth, example: health },
      503: { text: "It is down: the database or the connections' settings cannot be read.", shows: ShownHealth },
    },
  },
  "get-openapi": {
    tag: "Service",
    summary: "Read this description",
    description: "The API as an OpenAPI 3.1 document.",
    headers: ["ifNoneMatch"],
    answers: {
      200: { text: "The document.", as: "application/json", headers: ["etag"] },
      304: { text: "It is still the same.", headers: ["etag"] },
    },
  },
  "get-docs": {
    tag: "Service",
    summary: "Read this description as a page",
    description: "The same for people: one page that needs nothing else, and no script.",
    headers: ["ifNoneMatch"],
    answers: {
      200: { text: "The page.", as: "text/html", headers: ["etag"] },
      304: { text: "It is still the same.", headers: ["etag"] },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;
