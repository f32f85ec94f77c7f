/** What every call says of nonsense: in the product's own words, and all of it at once. */
import { describe, expect, test } from "vitest";
import type { FieldError, VisibleError } from "../../lib/domain/errors.ts";
import { check } from "../../lib/lambda/input.ts";
import { routedEndpoints } from "../../openapi/handlers.ts";
import { inputSchema } from "../../openapi/schemas.ts";

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
}

const nonsense = [null, 7, -1, 1.5, "", "nope", "x".repeat(3_000), true, [], [7], [{}], {}, { "": 7 }, { zz: null }];

/** Something in the place of each field of a schema, however deep, with nothing else around it. */
function* misplaced(shape: Shape, value: unknown, depth = 0): Generator<unknown> {
  yield value;
  if (depth === 4) return;
  for (const [name, field] of Object.entries(shape.properties ?? {})) {
    for (const inner of misplaced(field, value, depth + 1)) yield { [name]: inner };
  }
  if (shape.items) for (const inner of misplaced(shape.items, value, depth + 1)) yield [inner];
  if (typeof shape.additionalProperties === "object") {
    for (const inner of misplaced(shape.additionalProperties, value, depth + 1)) yield { name: inner };
  }
}

type Schema = Parameters<typeof check>[0];

function errorsOf(schema: Schema, value: unknown): readonly FieldError[] {
  try {
    check(schema, value);
    return [];
  } catch (error) {
    return (error as VisibleError).errors ?? [];
  }
}

const calls = (await routedEndpoints()).map(({ route, endpoint }) => ({
  name: `${route.method} ${route.path}`,
  input: endpoint.input as Schema,
  shape: inputSchema(endpoint.input) as Shape,
}));

test("the calls have fields to put nonsense in", () => {
  expect(calls.length).toBeGreaterThan(30);
  const fields = calls.flatMap(({ shape }) => Object.keys(shape.properties ?? {}));
  expect(calls.filter(({ shape }) => shape.additionalProperties === false).length).toBeGreaterThan(25);
  expect(fields).toEqual(expect.arrayContaining(["amount", "status", "minimumPayout", "metadata", "events"]));
});

describe.each(calls)("$name", ({ input, shape }) => {
  test("says what is wrong in plain words", () => {
    for (const value of nonsense.flatMap((one) => [...misplaced(shape, one)])) {
      for (const { path, message } of errorsOf(input, value)) {
        const told = `${path} ${message} (${JSON.stringify(value)?.slice(0, 100)})`;
        expect(message, told).toMatch(/^(must|is|a key must|name either|needs|has) /);
        expect(message, told).not.toMatch(/Invalid|expected|received|undefined/);
      }
    }
  });

  test("names every wrong field at once", () => {
    const wrong = Object.keys(shape.properties ?? {}).flatMap((name) => {
      const value = nonsense.find((one) =>
        errorsOf(input, { [name]: one }).some(({ path }) => path.split(".")[0] === name),
      );
      return value === undefined ? [] : [[name, value] as const];
    });
    const named = errorsOf(input, { ...Object.fromEntries(wrong), unknown: 1 }).map(({ path }) => path.split(".")[0]);
    // Who asks for health, the documents or takes a provider's webhook may say more.
    const isStrict = shape.additionalProperties === false;
    expect(new Set(named)).toEqual(new Set([...wrong.map(([name]) => name), ...(isStrict ? ["unknown"] : [])]));
  });
});
