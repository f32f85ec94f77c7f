/** Asks the person at the terminal. */
import { createInterface } from "node:readline";
import type { Stream } from "./terminal.ts";

/** Asks a question and gives the line that was typed; undefined where none was, as after Ctrl-D. */
export type Ask = (question: string) => Promise<string | undefined>;

/** Only a plain yes is one. */
export async function confirmed(question: string, ask: Ask): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

/** The person at these streams, or undefined where they are no terminal. The question goes to stderr: stdout is the result's. */
export function personAt(input: NodeJS.ReadStream, output: Stream): Ask | undefined {
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input, output });
    try {
      return await new Promise((resolve) => {
        // A line that ends with the input closes it, too; the answer comes first.
        lines.question(question, resolve);
        lines.once("close", () => resolve(undefined));
      });
    } finally {
      lines.close();
    }
  };
}
