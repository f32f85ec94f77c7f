/** `GET /docs`: the API's description as a page for people. */
import * as z from "zod/mini";
import document from "../docs/openapi.json" with { type: "json" };
import { docsPage } from "../lib/docs/page.ts";
import { endpointHandler } from "../lib/lambda/endpoint.ts";
import { page, servePage } from "../lib/lambda/page.ts";

export const handler = endpointHandler({ input: z.looseObject({}), run: servePage }, () => {
  const { text, contentSecurityPolicy } = docsPage(document);
  return {
    page: page({
      type: "text/html; charset=utf-8",
      text,
      headers: { "content-security-policy": contentSecurityPolicy },
    }),
  };
});
