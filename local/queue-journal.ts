/** What a queue's messages, and the bus's deliveries, survive a restart by: a file to which each sending and each deleting is appended. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAtMs: number;
}

export interface QueueJournal {
  /** What was sent and not deleted, oldest first. */
  messages(): readonly Message[];
  sent(message: Message): void;
  deleted(id: string): void;
}

/** Forgets: for a run without a folder. */
export function memoryJournal(): QueueJournal {
  return { messages: () => [], sent: () => {}, deleted: () => {} };
}

const Line = z.union([
  z.object({ sent: z.object({ id: z.string(), body: z.string(), sentAtMs: z.number() }) }),
  z.object({ deleted: z.string() }),
]);
type Line = z.infer<typeof Line>;

/**
 * Begins by writing the file anew with what is left, so that it does not grow for ever, and so that a last line which a
 * crash cut short is not continued by the next one.
 */
export function fileJournal(file: string): QueueJournal {
  const left = leftIn(file);
  const append = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  writeFileSync(`${file}.new`, left.map((sent) => `${JSON.stringify({ sent } satisfies Line)}\n`).join(""));
  renameSync(`${file}.new`, file);
  return {
    messages: () => left,
    sent: (message) => append({ sent: message }),
    deleted: (id) => append({ deleted: id }),
  };
}

function leftIn(file: string): Message[] {
  const messages = new Map<string, Message>();
  for (const line of linesOf(file)) {
    if ("sent" in line) messages.set(line.sent.id, line.sent);
    else messages.delete(line.deleted);
  }
  return [...messages.values()];
}

/** A line that cannot be read was cut short: what it would have said had not happened yet. */
function linesOf(file: string): Line[] {
  return textOf(file)
    .split("\n")
    .flatMap((text) => {
      try {
        return [Line.parse(JSON.parse(text))];
      } catch {
        return [];
      }
    });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
