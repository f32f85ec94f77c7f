/** JSON Schemas from the code's own: of what a call takes, and of what answers show. */
import * as z from "zod/mini";
import type { Json } from "./field-texts.ts";

const componentUri = (id: string): string => `#/components/schemas/${id}`;

/** What a caller may send. What a schema cannot say in JSON (a transform, raw bytes) is left open. */
export function inputSchema(schema: z.ZodMiniType): Json {
  const { $schema, ...made } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return made;
}

/** A reference to a schema with an id; to one of several, where there are several. */
export function referenceTo(schema: z.ZodMiniType | readonly z.ZodMiniType[]): Json {
  if (isSeveral(schema)) return { anyOf: schema.map(referenceTo) };
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new Error("a schema that is shown needs an id");
  return { $ref: componentUri(id) };
}

function isSeveral<One>(value: One | readonly One[]): value is readonly One[] {
  return Array.isArray(value);
}

/** All schemas that have an id, by it. They stay open: callers must expect members that a newer version adds. */
export function shownSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: componentUri, io: "input" });
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([id, { $schema, $id, ...schema }]) => [id, schema] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
