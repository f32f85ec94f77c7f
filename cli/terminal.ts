/** What a command writes: one JSON value, or text for people, in colours where a person looks. */

export type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface TerminalOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly isJson: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const colors = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Color = keyof typeof colors;

export interface Terminal {
  readonly isJson: boolean;
  /** The result: the value with `--json`, the text for people. */
  show(value: unknown, text: () => string): void;
  /** A line of the result as it comes, for people only. */
  say(text: string): void;
  /** Beside the result, on stderr. With `--json` the value, where there is one. */
  note(text: string, value?: unknown): void;
  /** A line on stderr that the next one replaces, and whatever is written removes. Only where a person looks. */
  live(text: string): void;
  /** Whether somebody sees `live`, and how wide it may be. */
  readonly liveColumns: number | undefined;
  paint(color: Color, text: string): string;
  /** Whether whoever read the result is gone, as in `… | head`: nothing more need be fetched for it. */
  isClosed(): boolean;
}

export function terminalOf({ stdout, stderr, isJson, environment }: TerminalOptions): Terminal {
  let closed = false;
  // Without a listener a closed pipe would end the command in the middle, with a stack trace.
  stdout.on("error", () => {
    closed = true;
  });
  stderr.on("error", () => {});
  const isLive = !isJson && stderr.isTTY === true && environment["TERM"] !== "dumb";
  let isWritten = false;
  const write = (stream: Stream, text: string): void => {
    if (isWritten) stderr.write(emptyLine);
    isWritten = false;
    if (stream !== stdout || !closed) stream.write(text.endsWith("\n") ? text : `${text}\n`);
  };
  const isColored = !isJson && stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  const json = (value: unknown): string => JSON.stringify(value, undefined, stdout.isTTY ? 2 : undefined);
  return {
    isJson,
    show: (value, text) => write(stdout, isJson ? json(value) : text()),
    say: (text) => {
      if (!isJson) write(stdout, text);
    },
    note: (text, value) => {
      if (!isJson) write(stderr, text);
      else if (value !== undefined) write(stderr, JSON.stringify(value));
    },
    live: (text) => {
      if (!isLive) return;
      isWritten = true;
      stderr.write(`${emptyLine}${[...text].slice(0, columnsOf(stderr) - 1).join("")}`);
    },
    liveColumns: isLive ? columnsOf(stderr) : undefined,
    paint: (color, text) => (isColored ? `\u001b[${colors[color]}m${text}\u001b[0m` : text),
    isClosed: () => closed,
  };
}

/** Back to the beginning of the line, and nothing in it. */
const emptyLine = "\r\u001b[2K";

/** One that does not say how wide it is has as much as they ever had. */
function columnsOf({ columns = 80 }: Stream): number {
  return columns;
}

/** What somebody else wrote, fit for a terminal: a control character could move the cursor, or hide what stands there. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}|\p{Bidi_Control}/gu, "\ufffd");
}
