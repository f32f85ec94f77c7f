/** Sees calls and their answers, holds each against the description, and tells what of the description nobody has seen yet. */
import { expect } from "vitest";
import type { Answer, Schema } from "../../lib/docs/open-api.ts";
import { resolved } from "../../lib/docs/open-api.ts";
import { disagreements, type Exchange, operationOf, published } from "./agreement.ts";

export interface Witness {
  see(exchange: Exchange): void;
  /** What is described and was not seen: the operation, the status and, for a problem, the code. */
  unseen(): readonly string[];
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
    unseen: () => promised().filter((name) => !seen.has(name)),
  };
}

function promised(): readonly string[] {
  const operations = Object.values(published.paths).flatMap((methods) => Object.values(methods));
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
