/** One endpoint for the AWS services of the local run: any SDK and the AWS CLI can call it, with any credentials. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { AwsError, type AwsOperations } from "./aws-operations.ts";
import { close, listen } from "./listen.ts";

/** Above every service's own limit, which the operation itself enforces. */
const bodyBytesMax = 4 * 1024 * 1024;

export interface AwsEndpointOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** By `X-Amz-Target`, such as `AWSEvents.PutEvents`. */
  readonly operations: AwsOperations;
  /** What no AWS service has: pages of JSON for a GET, by path. */
  readonly pages?: Pages;
}

/** Each answers with what it shows, by the parameters of the query. */
export type Pages = Readonly<Record<string, (query: URLSearchParams) => object>>;

export interface AwsEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

export async function startAwsEndpoint({ port, operations, pages = {} }: AwsEndpointOptions): Promise<AwsEndpoint> {
  async function answer(request: IncomingMessage): Promise<object> {
    const shown = page(request, pages);
    if (shown) return shown;
    const target = request.headers["x-amz-target"];
    const operation = typeof target === "string" && Object.hasOwn(operations, target) ? operations[target] : undefined;
    if (operation === undefined) throw unknownOperation(request, Object.keys(operations));
    return operation(await readInput(request));
  }

  const server = createServer((request, response) => {
    response.on("error", () => {});
    response.setHeader("x-amzn-requestid", randomUUID());
    response.setHeader("content-type", contentTypeFor(request));
    answer(request)
      .then((output) => response.end(JSON.stringify(output)))
      .catch((error: unknown) => {
        const { status, type, message } = error instanceof AwsError ? error : internalError(error);
        request.resume();
        response.statusCode = status;
        response.setHeader("x-amzn-errortype", type);
        response.end(JSON.stringify({ __type: type, message }));
      });
  });
  const url = await listen({ server, port, what: "the AWS endpoint", variable: "AWS_PORT" });
  return { url, close: () => close(server) };
}

/** As the request has it, in which the protocols of the services differ. */
function contentTypeFor({ method, headers }: IncomingMessage): string {
  return headers["content-type"] ?? (method === "GET" ? "application/json" : "application/x-amz-json-1.1");
}

function page({ method, url = "" }: IncomingMessage, pages: Pages): object | undefined {
  const [path = "", query] = url.split("?", 2);
  return method === "GET" && Object.hasOwn(pages, path) ? pages[path]?.(new URLSearchParams(query)) : undefined;
}

function unknownOperation({ method, url, headers }: IncomingMessage, served: readonly string[]): AwsError {
  const asked = headers["x-amz-target"] ?? `${method} ${url}`;
  return new AwsError("UnknownOperationException", `${asked} is not served here. Served are ${served.join(", ")}.`);
}

function internalError(error: unknown): AwsError {
  return new AwsError("InternalFailure", String(error), 500);
}

async function readInput(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new AwsError("RequestEntityTooLarge", "The request is too large.", 413);
    chunks.push(chunk);
  }
  try {
    const input: unknown = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch {
    // Falls through to the same answer as a body that is JSON but no object.
  }
  throw new AwsError("SerializationException", "The request's body must be a JSON object.");
}
