/** Answers every call that no route takes. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { type Answer, endpointHandler } from "../lib/lambda/endpoint.ts";

async function run(): Promise<Answer> {
  throw new VisibleError("not_found", "There is no such call. GET /docs lists the calls.");
}

export const handler = endpointHandler({ from: "parameters", input: z.looseObject({}), run }, () => ({}));
