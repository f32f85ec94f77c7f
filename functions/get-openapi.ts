/** `GET /openapi.json`: the API as an OpenAPI 3.1 document, as `npm run openapi` wrote it. */
import * as z from "zod/mini";
import document from "../docs/openapi.json" with { type: "json" };
import { endpointHandler } from "../lib/lambda/endpoint.ts";
import { page, servePage } from "../lib/lambda/page.ts";

export const handler = endpointHandler({ input: z.looseObject({}), run: servePage }, () => ({
  page: page({ type: "application/json", text: JSON.stringify(document) }),
}));
