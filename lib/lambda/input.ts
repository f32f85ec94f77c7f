/** Reads a call's input: decoded, bounded, parsed, and every wrong field named at once. */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod/mini";
import { type FieldError, VisibleError } from "../domain/errors.ts";
import { wordsFor } from "./input-words.ts";

// zod/mini brings no messages of its own.
z.config({ localeError: wordsFor });

/** The largest body that is read. A request to move money is a few hundred bytes. */
const bodyBytesMax = 1_048_576;

/** The largest delivery that is read: anybody may send one, and those that providers document have a few kilobytes. */
const deliveryBytesMax = 262_144;

/** Wrong fields that one refusal lists, and those of them that its sentence names. */
const errorsMax = 1_000;
const namesMax = 20;

/** Characters of a name that are told again. */
const echoedMax = 200;

/** The body's JSON value. @throws VisibleError payload_too_large, validation_failed */
export function readBody(event: APIGatewayProxyEventV2, bytesMax = bodyBytesMax): unknown {
  const bytes = readBytes(event, bytesMax);
  try {
    return JSON.parse(bytes.toString("utf8"), wellFormed);
  } catch (error) {
    if (error instanceof VisibleError) throw error;
    throw invalid([{ path: "body", message: bytes.byteLength === 0 ? "is required: a JSON object" : "must be JSON" }]);
  }
}

/** The body's members beside the path's variables, which no body may name. @throws VisibleError as readBody */
export function readPathAndBody(event: APIGatewayProxyEventV2, bytesMax?: number): unknown {
  const body = readBody(event, bytesMax);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const clash = Object.keys(event.pathParameters ?? {}).find((name) => Object.hasOwn(body, name));
  if (clash !== undefined) throw invalid([{ path: clash, message: "is not a known field" }]);
  return { ...body, ...event.pathParameters };
}

/** What the bus delivers was parsed on the way: held to what `readBody` takes, with `detail` as its name. @throws VisibleError */
export function readDetail(detail: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(detail) ?? "null", wellFormed);
  } catch (error) {
    if (error instanceof VisibleError) throw error;
    throw invalid([{ path: "detail", message: "must be JSON of whole characters, not nested too deeply" }]);
  }
}

/**
 * What somebody else's system sends, as it came: the path's variables, the body byte for byte, and the address that was
 * called, because a signature may cover either.
 * @throws VisibleError payload_too_large
 */
export function readDelivery(event: APIGatewayProxyEventV2): unknown {
  return { ...event.pathParameters, body: readBytes(event, deliveryBytesMax), url: addressOf(event) };
}

function readBytes({ body = "", isBase64Encoded }: APIGatewayProxyEventV2, bytesMax: number): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.byteLength <= bytesMax) return bytes;
  throw new VisibleError("payload_too_large", `The body has ${bytes.byteLength} bytes; at most ${bytesMax} are taken.`);
}

/** API Gateway itself speaks HTTPS only; what stands in front of a local one says what it was called with. */
function addressOf({ rawPath, rawQueryString, headers, requestContext }: APIGatewayProxyEventV2): string {
  const told = headers["x-forwarded-proto"];
  const scheme = told === "http" || told === "https" ? told : "https";
  return `${scheme}://${requestContext.domainName}${rawPath}${rawQueryString && `?${rawQueryString}`}`;
}

/** Half a surrogate pair can be escaped in JSON, but no database or provider takes it. */
function wellFormed(name: string, value: unknown): unknown {
  // Objects drop it without a word.
  if (name === "__proto__") throw invalid([{ path: name, message: "is not a known field" }]);
  if (!name.isWellFormed() || (typeof value === "string" && !value.isWellFormed()))
    throw new SyntaxError("half a pair");
  return value;
}

/** @throws VisibleError validation_failed with every wrong field */
export function check<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap(fieldErrors));
}

/** Of more wrong fields than an answer can hold the first are named: a body may have hundreds of thousands, with names of any length. */
export function invalid(errors: readonly FieldError[]): VisibleError {
  const named = errors.slice(0, errorsMax).map((error) => ({ ...error, path: shortened(error.path) }));
  const more = errors.length - namesMax;
  const fields = named.slice(0, namesMax).map(({ path }) => path);
  const listed = more > 0 ? `${fields.join(", ")} and ${more} more` : fields.join(", ");
  return new VisibleError("validation_failed", `The request is not valid: see ${listed}.`, { errors: named });
}

/** What a caller wrote, where it is told again: enough to know it by. */
export function shortened(text: string): string {
  return text.length > echoedMax
    ? `${[...text.slice(0, echoedMax)].filter((one) => one.isWellFormed()).join("")}…`
    : text;
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, message: "is not a known field" }));
  }
  return [{ path: path || "body", message: issue.message }];
}
