/** Facts about the shell of every HTTP function: who may pass, what is answered, what is logged. */
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { VisibleError } from "../../lib/domain/errors.ts";
import { type Answer, type Call, type Caller, endpointHandler } from "../../lib/lambda/endpoint.ts";
import { apiEvent, caller, captureLog, context, requestId } from "./api-event.ts";

const Wish = z.strictObject({ name: z.string("must be text") });

interface Handled {
  readonly name: string;
  readonly call: Call;
}

/** An endpoint that says what it was called with. */
function recorder(run: (handled: Handled) => Promise<Answer> = async () => ({ status: 200, body: { done: true } })) {
  const handled: Handled[] = [];
  const handler = endpointHandler(
    {
      scope: "transactions:write",
      input: Wish,
      run: ({ name }, _dependencies, call) => {
        handled.push({ name, call });
        return run({ name, call });
      },
    },
    () => ({}),
  );
  return { handled, handler };
}

const body = '{"name":"secret-body-4711"}';
const log = captureLog();

describe("a call", () => {
  test("is run with its input and its caller, and answered with JSON and its request id", async () => {
    const { handler, handled } = recorder();
    const headers = { "idempotency-key": "k-1" };
    expect(await handler(apiEvent({ body, headers, caller }), context)).toEqual({
      statusCode: 200,
      headers: { "content-type": "application/json", "x-request-id": requestId, "cache-control": "no-store" },
      body: '{"done":true}',
    });
    expect(handled).toEqual([
      {
        name: "secret-body-4711",
        call: expect.objectContaining({
          tenant: "acme",
          keyId: "key-1",
          requestId,
          headers: expect.objectContaining(headers),
        }),
      },
    ]);
  });

  test("by GET takes path and query; the path cannot be overridden from the query", async () => {
    const { handler, handled } = recorder();
    const query = { name: "from the query" };
    await handler(apiEvent({ method: "GET", query, caller }), context);
    await handler(apiEvent({ method: "GET", query, path: { name: "from the path" }, caller }), context);
    expect(handled.map(({ name }) => name)).toEqual(["from the query", "from the path"]);
  });

  const strangers: readonly (readonly [string, Caller | null | undefined])[] = [
    ["no authorizer", undefined],
    ["no key", null],
    ["an unknown key", {}],
    ["an empty tenant", { tenant: "", scopes: "transactions:write" }],
  ];
  test.each(strangers)("with %s is answered 401 and not run, whatever its body", async (_name, stranger) => {
    const { handler, handled } = recorder();
    for (const given of [body, "no json"]) {
      const event = apiEvent({ body: given, ...(stranger !== undefined && { caller: stranger }) });
      const { statusCode, headers, body: answer = "" } = await handler(event, context);
      expect(statusCode).toBe(401);
      expect(headers).toMatchObject({ "www-authenticate": "Bearer", "x-request-id": requestId });
      expect(JSON.parse(answer)).toMatchObject({ code: "unauthorized", requestId });
    }
    expect(handled).toEqual([]);
  });

  test.each(["", "transactions:read", "transactions:write:all", "TRANSACTIONS:WRITE", undefined])(
    "with the scopes %j is answered 403 and not run",
    async (scopes) => {
      const { handler, handled } = recorder();
      const event = apiEvent({
        body,
        caller: { tenant: "acme", keyId: "key-1", ...(scopes !== undefined && { scopes }) },
      });
      const { statusCode, body: answer = "" } = await handler(event, context);
      expect(statusCode).toBe(403);
      expect(JSON.parse(answer)).toMatchObject({ code: "forbidden", requestId });
      expect(answer).toContain("transactions:write");
      expect(handled).toEqual([]);
    },
  );

  test("needs no key where the endpoint asks for no scope", async () => {
    const handler = endpointHandler(
      { input: z.looseObject({}), run: async () => ({ status: 200, body: {} }) },
      () => ({}),
    );
    expect((await handler(apiEvent({ method: "GET" }), context)).statusCode).toBe(200);
  });

  test("with a wrong input is answered 400 with the fields, and not run", async () => {
    const { handler, handled } = recorder();
    const { statusCode, headers, body: answer = "" } = await handler(apiEvent({ body: '{"nam":1}', caller }), context);
    expect(statusCode).toBe(400);
    expect(headers).toMatchObject({ "content-type": "application/problem+json" });
    expect(JSON.parse(answer).errors).toEqual(
      expect.arrayContaining([
        { path: "name", message: "must be text" },
        { path: "nam", message: "is not a known field" },
      ]),
    );
    expect(handled).toEqual([]);
  });

  test("that changes something must carry a key, and says so before anything else about the body", async () => {
    const keys: string[] = [];
    const endpoint = {
      scope: "transactions:write" as const,
      mutates: true,
      input: Wish,
      run: async (_input: unknown, _dependencies: unknown, { idempotencyKey }: Call) => {
        keys.push(idempotencyKey);
        return { status: 202, body: {} };
      },
    };
    const handler = endpointHandler(endpoint, () => ({}));
    const refused = await handler(apiEvent({ body: "no json", caller }), context);
    expect([refused.statusCode, JSON.parse(refused.body ?? "").code]).toEqual([400, "idempotency_key_missing"]);
    expect((await handler(apiEvent({ body }), context)).statusCode).toBe(401);
    const headers = { "idempotency-key": '"k-1"' };
    expect((await handler(apiEvent({ body, caller, headers }), context)).statusCode).toBe(202);
    expect(keys).toEqual(["k-1"]);
  });

  test("by POST may take its input from path and query alone", async () => {
    const taken: string[] = [];
    const endpoint = {
      from: "parameters" as const,
      input: Wish,
      run: async ({ name }: { name: string }) => {
        taken.push(name);
        return { status: 200, body: {} };
      },
    };
    const handler = endpointHandler(endpoint, () => ({}));
    await handler(apiEvent({ body: "no json", path: { name: "from the path" } }), context);
    expect(taken).toEqual(["from the path"]);
  });

  test("may be taken as a delivery: the body's bytes, whatever they are, and never in the path's place", async () => {
    const taken: unknown[] = [];
    const endpoint = {
      from: "delivery" as const,
      input: z.object({ name: z.string(), body: z.instanceof(Buffer), url: z.string() }),
      run: async (input: unknown) => {
        taken.push(input);
        return { status: 200, body: {} };
      },
    };
    const handler = endpointHandler(endpoint, () => ({}));
    const event = apiEvent({ body: "/wAx", isBase64Encoded: true, path: { name: "n", body: "no", url: "no" } });
    expect((await handler(event, context)).statusCode).toBe(200);
    expect(taken).toEqual([{ name: "n", body: Buffer.from([255, 0, 49]), url: "https://api.example.com/v1/tests" }]);
    expect(log.text()).not.toContain("/wAx");
  });

  test("that runs into a bug is answered with a fixed text and its request id", async () => {
    const { handler } = recorder(async () => {
      throw new Error("cannot read property secret-bug-0815");
    });
    const { statusCode, headers, body: answer = "" } = await handler(apiEvent({ body, caller }), context);
    expect(statusCode).toBe(500);
    expect(headers).toMatchObject({ "x-request-id": requestId });
    expect(JSON.parse(answer)).toMatchObject({ code: "internal", requestId });
    expect(answer).not.toContain("0815");
    expect(log.text()).not.toContain("0815");
  });

  test("whose dependencies cannot be made is answered 500, and the next call makes them again", async () => {
    let failures = 1;
    let made = 0;
    const handler = endpointHandler({ input: z.looseObject({}), run: async () => ({ status: 200, body: {} }) }, () => {
      if (failures-- > 0) throw new Error("the environment variable X is not set");
      made += 1;
      return {};
    });
    const event = () => apiEvent({ method: "GET" });
    expect((await handler(event(), context)).statusCode).toBe(500);
    expect((await handler(event(), context)).statusCode).toBe(200);
    expect((await handler(event(), context)).statusCode).toBe(200);
    expect(made).toBe(1);
  });
});

describe("a call's log line", () => {
  test("is one, with ids and outcome, and nothing that the caller wrote", async () => {
    const { handler } = recorder(async ({ name }) => ({ status: 202, body: { name }, transactionId: "txn_1" }));
    const headers = { authorization: "Bearer mbk_secret-header-4711", "idempotency-key": "secret-key-4711" };
    await handler(apiEvent({ body, headers, caller }), context);
    expect(log.lines()).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        level: "info",
        event: "request",
        requestId,
        function: "moneyback-test",
        route: "POST /v1/tests",
        status: 202,
        tenant: "acme",
        keyId: "key-1",
        transactionId: "txn_1",
        durationMs: expect.any(Number),
      },
    ]);
    expect(log.text()).not.toContain("4711");
  });

  test("names the code of a refusal, as no error", async () => {
    const { handler } = recorder(async () => {
      throw new VisibleError("not_found", "There is no secret-4711.");
    });
    await handler(apiEvent({ body, caller }), context);
    expect(log.lines()).toMatchObject([{ level: "info", status: 404, code: "not_found", requestId }]);
    expect(log.text()).not.toContain("4711");
  });

  test("names a bug by its class and place, as an error", async () => {
    const { handler } = recorder(async () => {
      throw new RangeError("secret-4711");
    });
    await handler(apiEvent({ body, caller }), context);
    expect(log.lines()).toMatchObject([
      { level: "error", status: 500, errorName: "RangeError", errorAt: expect.stringContaining("endpoint.test.ts") },
    ]);
    expect(log.text()).not.toContain("4711");
  });

  test("keeps a bug's message to itself even where its lines look like a place", async () => {
    const { handler } = recorder(async () => {
      throw new Error("unreadable answer:\n    at secret-4711");
    });
    await handler(apiEvent({ body, caller }), context);
    expect(log.text()).not.toContain("4711");
  });
});
