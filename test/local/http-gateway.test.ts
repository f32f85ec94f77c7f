/** The local gateway against raw HTTP: the events that functions get, and the answers that clients get. */
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterEach, describe, expect, test } from "vitest";
import type { Route } from "../../functions/routes.ts";
import { FunctionError } from "../../local/function-error.ts";
import { type HttpGateway, startHttpGateway } from "../../local/http-gateway.ts";

const routes: readonly Route[] = [
  { method: "POST", path: "/v1/things", function: "create", authorize: false },
  { method: "GET", path: "/v1/things/{id}", function: "get", authorize: false },
  { method: "GET", path: "/v1/things/mine", function: "mine", authorize: false },
  { method: "GET", path: "/v1/{any}/mine", function: "any-mine", authorize: false },
  { method: "GET", path: "/v1/closed/{id}", function: "closed", authorize: true },
];

type Event = Omit<APIGatewayProxyEventV2, "requestContext"> & {
  requestContext: APIGatewayProxyEventV2["requestContext"] & { authorizer?: unknown };
};
type Invocation = { functionName: string; event: Event; options: unknown };

let gateway: HttpGateway | undefined;
let invocations: Invocation[] = [];

/** A gateway whose functions answer what the test says; the events they got lie in `invocations`. */
async function start(answer: (invocation: Invocation) => unknown = () => ({ statusCode: 204 })): Promise<string> {
  invocations = [];
  gateway = await startHttpGateway({
    port: 0,
    routes,
    host: {
      async invoke(functionName, event, options) {
        const invocation = { functionName, event: event as Event, options };
        invocations.push(invocation);
        return answer(invocation);
      },
    },
  });
  return gateway.url;
}

afterEach(() => gateway?.close());

const failing = (errorType: string) => () => {
  throw new FunctionError("create", { errorType, errorMessage: "inside" });
};

describe("the event", () => {
  test("has everything that payload format 2.0 says", async () => {
    const url = await start();
    const before = Date.now();
    const response = await fetch(`${url}/v1/things?tag=a&tag=b%20c&empty=&one=1`, {
      method: "POST",
      headers: { "content-type": "application/json", "X-Thing": "v", cookie: "a=1; b=2" },
      body: '{"ä":1}',
    });
    const { functionName, event, options } = invocations[0] as Invocation;
    expect(functionName).toBe("create");
    expect(options).toEqual({ timeoutMs: 29_000 });
    expect(event).toMatchObject({
      version: "2.0",
      routeKey: "POST /v1/things",
      rawPath: "/v1/things",
      rawQueryString: "tag=a&tag=b%20c&empty=&one=1",
      cookies: ["a=1", "b=2"],
      queryStringParameters: { tag: "a,b c", empty: "", one: "1" },
      body: '{"ä":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: "000000000000",
        stage: "$default",
        routeKey: "POST /v1/things",
        domainName: url.slice("http://".length),
        http: { method: "POST", path: "/v1/things", protocol: "HTTP/1.1", sourceIp: "127.0.0.1" },
        requestId: response.headers.get("apigw-requestid"),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
    });
    expect(event.headers).toMatchObject({
      "x-thing": "v",
      "x-forwarded-proto": "http",
      "x-forwarded-for": "127.0.0.1",
    });
    expect(event.headers).not.toHaveProperty("cookie");
    expect(event.requestContext.timeEpoch).toBeGreaterThanOrEqual(before);
  });

  test("lacks what the call lacks", async () => {
    const url = await start();
    await fetch(`${url}/v1/things/mine`);
    const { event } = invocations[0] as Invocation;
    for (const absent of ["body", "cookies", "queryStringParameters", "pathParameters", "stageVariables"]) {
      expect(event).not.toHaveProperty(absent);
    }
    expect(event).toMatchObject({ rawQueryString: "", isBase64Encoded: false });
    expect(event.requestContext).not.toHaveProperty("authorizer");
  });

  test("joins repeated headers with a comma", async () => {
    const url = await start();
    const request = httpRequest(`${url}/v1/things/mine`, { headers: { "x-many": ["a", "b"] } }).end();
    const [response] = await once(request, "response");
    response.resume();
    expect((invocations[0] as Invocation).event.headers["x-many"]).toBe("a,b");
  });

  /** The event that a body of this type, and these bytes, arrives in. */
  async function sent(headers: Record<string, string>, body: Buffer): Promise<Event> {
    const url = await start();
    const request = httpRequest(`${url}/v1/things`, { method: "POST", headers });
    const [response] = await once(request.end(body), "response");
    response.resume();
    return (invocations[0] as Invocation).event;
  }

  test.each([
    ["image/png"],
    ["application/octet-stream"],
    ["application/x-www-form-urlencoded"],
    ["application/json-seq"],
    ["application/jsonp; note=application/json"],
    ["not-text/plain"],
    [""],
  ])("carries bytes of type %j as base64, UTF-8 or not", async (type) => {
    for (const [bytes, base64] of [
      [Buffer.from([0xff, 0x00, 0xc3, 0x28]), "/wDDKA=="],
      [Buffer.from("a=1"), "YT0x"],
    ] as const) {
      const event = await sent(type === "" ? {} : { "content-type": type }, bytes);
      expect(event).toMatchObject({ isBase64Encoded: true, body: base64 });
      await gateway?.close();
    }
  });

  test.each([
    "application/json",
    "Application/JSON;charset=utf-8",
    "application/xml",
    "application/javascript",
    "text/plain ; charset=utf-8",
    "application/problem+json",
  ])("carries a body of type %s as text", async (type) => {
    const event = await sent({ "content-type": type }, Buffer.from('"ä"\r\n'));
    expect(event).toMatchObject({ isBase64Encoded: false, body: '"ä"\r\n' });
  });

  test("carries a compressed body as base64, whatever its type", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect(await sent(headers, Buffer.from([0x1f, 0x8b]))).toMatchObject({ isBase64Encoded: true, body: "H4s=" });
  });

  test.each([
    ["https", "https"],
    ["http", "http"],
    ["HTTPS, http", "http"],
  ])("called with x-forwarded-proto %s by what stands in front was called by %s", async (told, scheme) => {
    expect((await sent({ "x-forwarded-proto": told }, Buffer.from(""))).headers["x-forwarded-proto"]).toBe(scheme);
  });
});

describe("a call", () => {
  test.each([
    ["GET", "/v1/things/mine", "mine", "GET /v1/things/mine", undefined],
    ["GET", "/v1/others/mine", "any-mine", "GET /v1/{any}/mine", { any: "others" }],
    ["GET", "/v1/things/a%20b%2Fc", "get", "GET /v1/things/{id}", { id: "a b/c" }],
    ["HEAD", "/v1/things/7", "get", "GET /v1/things/{id}", { id: "7" }],
    ["GET", "/v1/things", "not-found", "$default", undefined],
    ["GET", "/v1/things/", "not-found", "$default", undefined],
    ["DELETE", "/v1/things/7", "not-found", "$default", undefined],
    ["OPTIONS", "/v1/things", "not-found", "$default", undefined],
  ])("%s %s goes to %s", async (method, path, functionName, routeKey, pathParameters) => {
    const url = await start();
    await fetch(url + path, { method });
    expect(invocations).toHaveLength(1);
    expect(invocations[0]).toMatchObject({ functionName, event: { routeKey } });
    expect((invocations[0] as Invocation).event.pathParameters).toEqual(pathParameters);
  });

  test("with a malformed escape is a bad request", async () => {
    const url = await start();
    const response = await fetch(`${url}/v1/things/%E0%A4`);
    expect(response.status).toBe(400);
    expect(invocations).toEqual([]);
  });
});

describe("the authorizer", () => {
  const authorizerSays = (verdict: unknown) =>
    start(({ functionName }) => (functionName === "authorize" ? verdict : "in"));

  test("is asked without the body, and what it says arrives with the event", async () => {
    const url = await authorizerSays({ isAuthorized: true, context: { tenant: "t-1" } });
    expect(await (await fetch(`${url}/v1/closed/9?a=1`, { headers: { authorization: "Bearer k" } })).text()).toBe("in");
    const [asked, called] = invocations as [Invocation, Invocation];
    expect(asked.functionName).toBe("authorize");
    expect(asked.event).toMatchObject({
      version: "2.0",
      type: "REQUEST",
      routeArn: "arn:aws:execute-api:us-east-1:000000000000:local/$default/GET/v1/closed/{id}",
      routeKey: "GET /v1/closed/{id}",
      rawQueryString: "a=1",
      headers: { authorization: "Bearer k" },
      pathParameters: { id: "9" },
    });
    for (const absent of ["body", "isBase64Encoded", "identitySource"]) expect(asked.event).not.toHaveProperty(absent);
    expect(called.event.requestContext.authorizer).toEqual({ lambda: { tenant: "t-1" } });
  });

  test("is asked each time, with or without a key", async () => {
    const url = await authorizerSays({ isAuthorized: true });
    await fetch(`${url}/v1/closed/9`);
    await fetch(`${url}/v1/closed/9`);
    expect(invocations.map(({ functionName }) => functionName)).toEqual(["authorize", "closed", "authorize", "closed"]);
  });

  test("that says no makes a 403", async () => {
    const url = await authorizerSays({ isAuthorized: false });
    const response = await fetch(`${url}/v1/closed/9`);
    expect([response.status, await response.json()]).toEqual([403, { message: "Forbidden" }]);
    expect(invocations).toHaveLength(1);
  });

  test.each([[null], ["yes"], [{}], [{ isAuthorized: "true" }]])("that says %j makes a 500", async (verdict) => {
    const url = await authorizerSays(verdict);
    expect((await fetch(`${url}/v1/closed/9`)).status).toBe(500);
  });

  test("that fails makes a 500", async () => {
    const url = await start(failing("Sandbox.Timedout"));
    expect((await fetch(`${url}/v1/closed/9`)).status).toBe(500);
  });
});

describe("the answer", () => {
  test("carries status, headers, cookies and the request's id", async () => {
    const url = await start(() => ({
      statusCode: 202,
      headers: { "Content-Type": "application/json", Location: "/x", "X-Number": 7, connection: "close" },
      cookies: ["a=1; Path=/", "b=2"],
      body: '{"ä":1}',
    }));
    const response = await fetch(`${url}/v1/things`, { method: "POST" });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe("/x");
    expect(response.headers.get("x-number")).toBe("7");
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2"]);
    expect(response.headers.get("apigw-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("connection")).toBe("keep-alive");
    expect(await response.json()).toEqual({ ä: 1 });
  });

  test("of a function that names no status is a 200 with the result as JSON", async () => {
    const url = await start(() => ({ hello: "world" }));
    const response = await fetch(`${url}/v1/things`, { method: "POST" });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await response.json()).toEqual({ hello: "world" });
  });

  test("may be binary", async () => {
    const url = await start(() => ({ statusCode: 200, isBase64Encoded: true, body: "AP8B" }));
    const response = await fetch(`${url}/v1/things/1`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  test("to HEAD has the length but no body", async () => {
    const url = await start(() => ({ statusCode: 200, body: "12345" }));
    const response = await fetch(`${url}/v1/things/1`, { method: "HEAD" });
    expect(response.headers.get("content-length")).toBe("5");
    expect(await response.text()).toBe("");
  });

  test.each([
    ["a status that is none", { statusCode: 99 }],
    ["a status in words", { statusCode: "fine" }],
    ["a body that is no text", { statusCode: 200, body: {} }],
    ["a header that HTTP forbids", { statusCode: 200, headers: { "x-a": "b\r\nc: d" } }],
  ])("with %s is an internal error", async (_, result) => {
    const url = await start(() => result);
    const response = await fetch(`${url}/v1/things/1`);
    expect([response.status, await response.json()]).toEqual([500, { message: "Internal Server Error" }]);
  });
});

describe("a failure", () => {
  test.each([
    ["Error", 500, "Internal Server Error"],
    ["Runtime.ExitError", 500, "Internal Server Error"],
    ["Sandbox.Timedout", 503, "Service Unavailable"],
    ["RequestTooLargeException", 413, "Request Entity Too Large"],
  ])("of the kind %s is a %i", async (errorType, status, message) => {
    const url = await start(failing(errorType));
    const response = await fetch(`${url}/v1/things`, { method: "POST" });
    expect([response.status, await response.json()]).toEqual([status, { message }]);
    expect(response.headers.get("apigw-requestid")).toBeTruthy();
  });

  test("to keep a body under ten megabytes is a 413, which the client gets to read", async () => {
    const url = await start();
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const response = await fetch(`${url}/v1/things`, { method: "POST", body });
    expect([response.status, await response.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    expect(invocations).toEqual([]);
  });

  test("of the client to wait or to finish harms nobody", async () => {
    const url = await start(() => new Promise((resolve) => setTimeout(resolve, 50, { statusCode: 204 })));
    const port = Number(new URL(url).port);
    for (const sent of [
      "POST /v1/things HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf",
      "GET /v1/things/1 HTTP/1.1\r\nhost: x\r\n\r\n",
      "no http at all\r\n\r\n",
    ]) {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(sent);
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.destroy();
    }
    expect((await fetch(`${url}/v1/things/1`)).status).toBe(204);
  });
});

describe("a taken port", () => {
  test("is named in one line, with the variable to set", async () => {
    const url = await start();
    const port = Number(new URL(url).port);
    await expect(startHttpGateway({ port, routes, host: { invoke: async () => null } })).rejects.toThrow(
      `Port ${port} is in use, so the API cannot start: stop what uses it, or set PORT to another port (0 takes any free one).`,
    );
  });
});
