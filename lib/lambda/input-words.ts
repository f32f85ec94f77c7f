/** What is wrong with a field in the product's own words, where its schema does not say it. */
import type * as z from "zod/mini";

const types: Readonly<Record<string, string>> = {
  string: "must be text",
  number: "must be a number",
  int: "must be a whole number",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be a JSON object",
  record: "must be a JSON object",
};

const units: Readonly<Record<string, string>> = { string: " characters", array: " items" };

/** For zod's configuration. */
export function wordsFor(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return "is required";
  switch (issue.code) {
    case "invalid_type":
      return types[issue.expected] ?? "is not valid";
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
    case "too_small":
      if (issue.minimum === 1 && issue.origin in units) return "must not be empty";
      return `must ${has(issue.origin)} at least ${issue.minimum}${units[issue.origin] ?? ""}`;
    case "too_big":
      return `must ${has(issue.origin)} at most ${issue.maximum}${units[issue.origin] ?? ""}`;
    case "unrecognized_keys":
      return "is not a known field";
    case "invalid_key":
      // A record's name that is wrong: the schema of its names says how.
      return issue.issues[0]?.message ?? "is not a known field";
    default:
      return "is not valid";
  }
}

function has(origin: string): string {
  return origin in units ? "have" : "be";
}
