/** Prints the demo's steps as a table. */
import type { Step } from "./demo-steps.ts";

const headings = ["", "What", "Should be", "Is"] as const;

export function tableOf(steps: readonly Step[], isColored: boolean): string {
  const rows = steps.map((step) => [isRight(step) ? "✓" : "✗", step.what, step.expected, step.happened] as const);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column as 0 | 1 | 2 | 3].length)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  return [line(headings), rule, ...rows.map((row, place) => paint(line(row), steps[place], isColored)), rule].join(
    "\n",
  );
}

export function isRight({ expected, happened }: Step): boolean {
  return expected === happened;
}

function paint(text: string, step: Step | undefined, isColored: boolean): string {
  if (!isColored || !step) return text;
  return isRight(step) ? text.replace("✓", "\u001b[32m✓\u001b[0m") : `\u001b[31m${text}\u001b[0m`;
}
