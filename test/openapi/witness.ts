/** Sees calls and their answers, holds each against the description, and tells what of the description nobody has seen yet. */
import { expect } from "vitest";
import type { Answer, Schema } from "../../lib/docs/open-api.ts";
import { resolved } from "../../lib/docs/open-api.ts";
import { type Tag, tags } from "../../openapi/tags.ts";
import { disagreements, type Exchange, operationOf, published } from "./agreement.ts";

/** The groups whose operations are called in `answers-of-many.test.ts`; all others are in `answers.test.ts`. */
export const groupsOfMany: readonly Tag[] = ["Batches", "Accruals"];
export const otherGroups = (Object.keys(tags) as Tag[]).filter((tag) => !groupsOfMany.includes(tag));

export interface Witness {
  see(exchange: Exchange): void;
  /** What is described in these groups and was not seen: the operation, the status and, for a problem, the code. */
  unseen(groups: readonly Tag[]): readonly string[];
}

export function witness(): Witness {
  const seen = new Set<string>();
  return {
    see(exchange) {
      expect(disagreements(exchange)).toEqual([]);
      const { method, path, status, body } = exchange;
      const { code } = (body ?? {}) as { code?: string };
      seen.add(named(operationOf(method, path)?.operationId ?? path, status, status >= 400 ? code : undefined));
    },
    unseen: (groups) => promised(groups).filter((name) => !seen.has(name)),
  };
}

function promised(groups: readonly string[]): readonly string[] {
  const operations = Object.values(published.paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ tags: own }) => own.some((tag) => groups.includes(tag)));
  return operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, answer]) => {
      const codes = codesOf(resolved<Answer>(answer, published));
      return codes ? codes.map((code) => named(operationId, status, code)) : [named(operationId, status)];
    }),
  );
}

function codesOf({ content }: Answer): readonly string[] | undefined {
  const [, narrowed] = (content?.["application/problem+json"]?.schema["allOf"] ?? []) as readonly Schema[];
  const { code } = (narrowed?.["properties"] ?? {}) as { readonly code?: { readonly enum: readonly string[] } };
  return code?.enum;
}

function named(operation: string, status: number | string, code?: string): string {
  return [operation, status, ...(code ? [code] : [])].join(" ");
}
