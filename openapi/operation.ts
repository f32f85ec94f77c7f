/** What is said of an operation: all that its handler and its route do not say themselves. */
import type * as z from "zod/mini";
import type { ProblemCode } from "../lib/domain/errors.ts";
import type { FieldTexts } from "./field-texts.ts";
import type { RequestHeader, ResponseHeader } from "./headers.ts";
import type { Tag } from "./tags.ts";

export interface Operation {
  readonly tag: Tag;
  /** A few words, as a heading. */
  readonly summary: string;
  /** Paragraphs; `*` begins a point of a list, and backquotes hold code. */
  readonly description: string;
  /** Fields of the input that `moneyTexts` does not know, or means otherwise. */
  readonly fields?: FieldTexts;
  /** Besides Idempotency-Key, which every call has that changes something. */
  readonly headers?: readonly RequestHeader[];
  /** Calls to try. The first one also shows how the parameters look. */
  readonly examples?: readonly ExampleCall[];
  /** By status. */
  readonly answers: Readonly<Record<number, DescribedAnswer>>;
  /** Besides those that every call of its sort may meet: `describe-operation.ts` adds them. */
  readonly problems?: readonly ProblemCode[];
}

export interface ExampleCall {
  readonly title: string;
  /** Of the path's variables and of the query. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface DescribedAnswer {
  readonly text: string;
  /** A schema with an id, or several, one of which it is. Absent: there is no body, or `as` says what it is. */
  readonly shows?: z.ZodMiniType | readonly z.ZodMiniType[];
  readonly as?: "application/json" | "text/html";
  readonly example?: unknown;
  /** Where it may look in several ways: each with a heading. */
  readonly examples?: Readonly<Record<string, unknown>>;
  readonly headers?: readonly ResponseHeader[];
}
