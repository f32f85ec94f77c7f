/** One entry of a PutEvents call, and what EventBridge refuses in it. */

export interface PutEventsEntry {
  readonly Source?: string | undefined;
  readonly DetailType?: string | undefined;
  /** JSON text of an object. */
  readonly Detail?: string | undefined;
  readonly Resources?: readonly string[] | undefined;
  readonly Time?: Date | undefined;
}

export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Undefined where the entry is sound. The codes are EventBridge's. */
export function entryError(entry: PutEventsEntry): EntryError | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (!entry[name])
      return refused("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  }
  // AWS keeps this prefix for its own services.
  if (entry.Source?.startsWith("aws."))
    return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  return isJsonObject(entry.Detail) ? undefined : refused("MalformedDetail", "Detail is malformed.");
}

function isJsonObject(text: string | undefined): boolean {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function refused(ErrorCode: string, ErrorMessage: string): EntryError {
  return { ErrorCode, ErrorMessage };
}
