/** What an operation of an AWS service is here, and the error that any of them may answer. */

/** Takes the parsed JSON of the call; answers the JSON of the result. Throws an `AwsError` for what the caller did wrong. */
type AwsOperation = (input: Record<string, unknown>) => object | Promise<object>;

export type AwsOperations = Readonly<Record<string, AwsOperation>>;

export class AwsError extends Error {
  override readonly name = "AwsError";
  /** The error's name in the service's model, which the SDK makes an exception of. */
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** A string, or undefined where there is none; anything else is refused. */
export function optionalText(input: Record<string, unknown>, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  throw new AwsError("SerializationException", `${name} must be a string.`);
}

export function requiredText(input: Record<string, unknown>, name: string): string {
  const value = optionalText(input, name);
  if (value !== undefined) return value;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}
