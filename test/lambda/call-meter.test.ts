/** What an HTTP call costs before its function does anything: its authorizer's part counts once, however long the gateway keeps the answer. */

import { expect, test } from "vitest";
import * as z from "zod/mini";
import { type Cost, noCost } from "../../lib/domain/cost.ts";
import { spentOn } from "../../lib/lambda/call-meter.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import { currentMeter } from "../../lib/lambda/meter.ts";
import { apiEvent, caller, captureLog, context, requestId } from "./api-event.ts";

captureLog();

/** What a function that is called now begins with. */
async function begunWith(spent?: string): Promise<Cost | undefined> {
  let begun: Cost | undefined;
  const run = async () => {
    begun = currentMeter()?.take(0, false).spent;
    return { status: 200, body: {} };
  };
  const handler = endpointHandler({ scope: "transactions:read", input: z.object({}), run }, () => ({}));
  const by = { ...caller, ...(spent !== undefined && { spent }) };
  const answer = await handler(apiEvent({ method: "GET", caller: by }), { ...context, memoryLimitInMB: "512" });
  expect(answer.statusCode).toBe(200);
  return begun;
}

const authorizer = { ...noCost, lambdaCalls: 1, readHalfUnits: 1, lambdaMs: 4, lambdaMbMs: 2_048 };

test("a call begins with itself, its invocation, and what its authorizer consumed", async () => {
  expect(await begunWith(spentOn(requestId, authorizer))).toMatchObject({
    apiCalls: 1,
    lambdaCalls: 2,
    readHalfUnits: 1,
  });
});

test.each([
  ["the gateway gives the answer of an earlier request", spentOn("another", authorizer)],
  ["the authorizer says nothing", undefined],
  ["it says what is no JSON", "{"],
  ["it says something else", JSON.stringify({ requestId })],
])("where %s the authorizer costs nothing", async (_name, spent) => {
  expect(await begunWith(spent)).toMatchObject({ apiCalls: 1, lambdaCalls: 1, readHalfUnits: 0 });
});
