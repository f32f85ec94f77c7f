/** Matches events against EventBridge event patterns. An operator that this does not know throws: silence would be a rule that never fires. */
import { matchesOperator } from "./event-pattern-operators.ts";

/** An event pattern, as EventBridge writes it in JSON. */
export type EventPattern = { readonly [key: string]: unknown };

/**
 * Whether the event has, for every field of the pattern, a value that one of the field's alternatives matches.
 * An array in the event matches when one of its elements does. Throws on a malformed pattern, whatever the event.
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  // Every field is tried, even after one failed, so that a malformed pattern shows with the first event.
  return Object.entries(pattern)
    .map(([key, expected]) => (key === "$or" ? matchesOr(expected, event) : matchesField(key, expected, event)))
    .every(Boolean);
}

function matchesOr(alternatives: unknown, event: unknown): boolean {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new Error("Event pattern: $or takes an array of two patterns or more.");
  }
  return alternatives.map((alternative) => matches(patternOf("$or", alternative), event)).some(Boolean);
}

function matchesField(key: string, expected: unknown, event: unknown): boolean {
  if (!Array.isArray(expected)) {
    const nested = patternOf(key, expected);
    const values = valuesAt(event, key);
    // A nested pattern is walked even without a value: { "exists": false } below it can hold.
    return (values.length > 0 ? values : [undefined]).map((value) => matches(nested, value)).some(Boolean);
  }
  if (expected.length === 0) throw new Error(`Event pattern: "${key}" has an empty array, which matches nothing.`);
  const values = valuesAt(event, key).filter((value) => !isObject(value));
  return expected.map((alternative) => matchesAlternative(key, alternative, values)).some(Boolean);
}

function matchesAlternative(key: string, alternative: unknown, values: readonly unknown[]): boolean {
  if (isObject(alternative)) return matchesOperator(key, alternative, values);
  if (Array.isArray(alternative)) throw new Error(`Event pattern: "${key}" has an array within its array.`);
  return values.includes(alternative);
}

/** The values of a field: the elements of an array one by one, and through an array of objects all their fields. */
function valuesAt(event: unknown, key: string): readonly unknown[] {
  if (Array.isArray(event)) return event.flatMap((element) => valuesAt(element, key));
  if (!isObject(event) || !Object.hasOwn(event, key)) return [];
  const value = event[key];
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

function patternOf(key: string, value: unknown): EventPattern {
  if (!isObject(value))
    throw new Error(`Event pattern: "${key}" must be an array of alternatives or a nested pattern.`);
  return value;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
