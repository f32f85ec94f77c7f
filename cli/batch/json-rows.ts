/** The rows of a JSON Lines file: each line an object as the API takes it, with amounts also as people write them. */
import { unknownColumn } from "./csv-header.ts";
import { canonicalName } from "./fields.ts";
import { itemOf, type RowReading, type Wrong } from "./item.ts";
import { type FileRow, type Outcome, outcomeNames, type Pass, type RowWishes } from "./row.ts";
import { keyNameOf, valuesWith } from "./row-values.ts";
import { textOf } from "./text-of-file.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Members whose own members are fields. */
const groups = ["recipient", "account", "sender", "receiver", "metadata"];

export async function jsonLinesPass(file: string, wishes: RowWishes): Promise<Pass> {
  return { heading: "", rows: rowsOf(textOf(file), wishes) };
}

async function* rowsOf(text: AsyncIterable<string>, wishes: RowWishes): AsyncGenerator<FileRow> {
  let row = 0;
  let line = 0;
  for await (const written of linesOf(text)) {
    line += 1;
    if (written.trim() === "") continue;
    row += 1;
    const object = objectIn(written);
    const textWith = (outcome: Outcome): string => `${JSON.stringify({ ...object, ...outcome })}\n`;
    yield { line, row, reading: readingOf(object, wishes), textWith };
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let isFirst = true;
  for await (const piece of text) {
    const lines = (rest + (isFirst ? piece.replace(/^\ufeff/, "") : piece)).split("\n");
    isFirst = false;
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}

function objectIn(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readingOf(object: JsonObject | undefined, wishes: RowWishes): RowReading {
  if (!object)
    return { wrong: [{ column: "", message: 'must be one JSON object, such as {"kind": "refund", "key": …}' }] };
  const values = new Map(valuesOf(object));
  const keyName = keyNameOf(wishes);
  const unknown = [...values.keys()].filter((name) => name !== keyName && canonicalName(name) !== name);
  for (const name of unknown) values.delete(name);
  const reading = itemOf(valuesWith(values, wishes));
  if (unknown.length === 0) return reading;
  const wrong: Wrong[] = unknown.map((name) => ({ column: name, message: unknownColumn(name) }));
  if ("item" in reading) return { wrong, name: reading.item };
  // What is missing may be what is misspelled, so only what is wrong with values that are there is named beside it.
  return { ...reading, wrong: [...wrong, ...reading.wrong.filter(({ column }) => values.has(column))] };
}

function valuesOf(object: JsonObject): [string, unknown][] {
  const isOutcome = outcomeNames.every((name) => Object.hasOwn(object, name));
  return Object.entries(object)
    .filter(([name]) => !(isOutcome && outcomeNames.some((one) => one === name)))
    .flatMap(([name, value]): [string, unknown][] =>
      groups.includes(name) && isObject(value)
        ? Object.entries(value).map(([inner, leaf]) => [`${name}.${inner}`, leaf])
        : [[name, value]],
    );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
