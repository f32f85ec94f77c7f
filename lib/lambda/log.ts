/** The log: one JSON line per fact, with fields from a fixed list, so that no body, token or address can slip in. */

/** Every field a line may have. Ids, codes and counts; never what a caller or a provider wrote. */
export interface LogFields {
  readonly requestId?: string;
  readonly function?: string;
  readonly route?: string;
  readonly status?: number;
  readonly code?: string;
  readonly tenant?: string;
  readonly keyId?: string;
  readonly transactionId?: string;
  readonly accrualId?: string;
  /** A run of a cashback schedule. */
  readonly runId?: string;
  readonly eventId?: string;
  readonly connection?: string;
  /** A webhook endpoint's id. */
  readonly endpoint?: string;
  readonly batch?: string;
  readonly outcome?: string;
  readonly attempts?: number;
  readonly lookups?: number;
  readonly count?: number;
  readonly durationMs?: number;
  /** How long the oldest of what is due has waited. */
  readonly ageSeconds?: number;
  readonly errorName?: string;
  /** Where a bug is: file and line, never the error's message, which may quote data. */
  readonly errorAt?: string;
}

export type LogLevel = "info" | "warn" | "error";

export function log(level: LogLevel, event: string, fields: LogFields): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`);
}

/** What a log may say of an error that nobody expected. */
export function errorFields(error: unknown): Pick<LogFields, "errorName" | "errorAt"> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const frame = /^\s+at .*$/m.exec(framesOf(error))?.[0].trim();
  return { errorName: error.name, ...(frame && { errorAt: frame }) };
}

/** The stack without the message before it: a message of several lines may hold one that looks like a place. */
function framesOf({ stack = "", message }: Error): string {
  const start = stack.indexOf(message);
  return start < 0 ? stack : stack.slice(start + message.length);
}
