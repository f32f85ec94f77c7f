/** Errors as RFC 9457 problem documents. */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { problems, VisibleError } from "../domain/errors.ts";

/** A problem document. An error that is not meant for callers becomes a fixed text. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  const visible = error instanceof VisibleError ? error : new VisibleError("internal", internalDetail);
  const { status, title } = problems[visible.code];
  return {
    statusCode: status,
    headers: { "content-type": "application/problem+json", ...commonHeaders(requestId), ...visible.headers },
    body: JSON.stringify({
      type: `urn:moneyback:problem:${visible.code}`,
      title,
      status,
      detail: visible.message,
      code: visible.code,
      ...(visible.errors.length > 0 && { errors: visible.errors }),
      requestId,
    }),
  };
}

export function commonHeaders(requestId: string): Record<string, string> {
  return { "x-request-id": requestId, "cache-control": "no-store" };
}

const internalDetail =
  "Something went wrong on our side. Nothing is lost: repeat the call with the same Idempotency-Key, or quote the requestId.";
