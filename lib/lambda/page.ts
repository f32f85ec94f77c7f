/** A text that is the same for everybody until the next deployment. */
import { createHash } from "node:crypto";
import type { Answer, Call } from "./endpoint.ts";

/** How long a browser or a proxy may keep it without asking. */
const freshSeconds = 300;

export interface Page {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `headers`: what it needs beside its type. */
export function page({
  type,
  text,
  headers = {},
}: {
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}): Page {
  return {
    text,
    headers: {
      "content-type": type,
      "cache-control": `public, max-age=${freshSeconds}`,
      etag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`,
      "x-content-type-options": "nosniff",
      ...headers,
    },
  };
}

/** 304 without a body where the caller has it already. */
export async function servePage(
  _input: unknown,
  { page: { text, headers } }: { readonly page: Page },
  call: Call,
): Promise<Answer> {
  const known = call.headers["if-none-match"] ?? "";
  const isKnown = known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === headers["etag"]);
  if (!isKnown) return { status: 200, body: text, headers };
  const { "content-type": _type, ...rest } = headers;
  return { status: 304, body: "", headers: rest };
}
