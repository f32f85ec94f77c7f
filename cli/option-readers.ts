/** Reads the values of options: each says what is wrong with one, and none takes a value twice. */
import { type Command, InvalidArgumentError, Option } from "commander";

/** `read` throws a RangeError with what is wrong. An option given twice is a mistake: the last one would win without a word. */
export function once<T>(read: (text: string) => T): (text: string, previous: T | undefined) => T {
  return (text, previous) => {
    if (previous !== undefined) throw new InvalidArgumentError("It may be given once.");
    return reading(read, text);
  };
}

/** An option that may be given several times. */
export function many<T>(read: (text: string) => T): (text: string, previous: readonly T[] | undefined) => readonly T[] {
  return (text, previous = []) => [...previous, reading(read, text)];
}

/** Empty text is nearly always a variable that is not set. */
export function filled(text: string): string {
  if (text.trim() === "") throw new RangeError("it must not be empty");
  return text;
}

/** The same for an argument. */
export function filledArgument(text: string): string {
  return reading(filled, text);
}

/** The options of a list that comes in pages. */
export function withPages(command: Command): Command {
  return command
    .option("--limit <rows>", "rows of a page, at most 100 (with --all 100, unless given)", once(filled))
    .option("--cursor <cursor>", "go on where an earlier page ended", once(filled))
    .option("--all", "all pages");
}

/** Two hours: whoever waits longer watches. */
const waitSecondsMax = 7_200;

function seconds(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > waitSecondsMax) {
    throw new RangeError(`write whole seconds from 0 to ${waitSecondsMax}`);
  }
  return Number(text);
}

/** `--wait <seconds>`, of every command that follows what it began or watches. */
export function waitOption(description: string): Option {
  return new Option("--wait <seconds>", description).argParser(once(seconds));
}

/** As the API takes it; said here because a header cannot carry anything else. */
export function idempotencyKey(text: string): string {
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(text)) {
    throw new RangeError("write 1 to 255 printable ASCII characters");
  }
  return text;
}

/** `name=value`; the value may hold further signs of equality. */
export function pair(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new RangeError("write it as NAME=VALUE");
  return [text.slice(0, at), text.slice(at + 1)];
}

function reading<T>(read: (text: string) => T, text: string): T {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(sentence(error.message));
    throw error;
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
