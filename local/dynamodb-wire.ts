/** Speaks DynamoDB's JSON protocol without the SDK: to see whether an emulator answers, and to read its streams. */

/** Emulators check that a request looks signed, not the signature. */
const lookSigned = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  "x-amz-date": "20200101T000000Z",
};

export class DynamoDbWireError extends Error {
  override readonly name = "DynamoDbWireError";
  /** The last part of `__type`, such as `TrimmedDataAccessException`. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.type = type;
  }
}

/** Calls `operation`, such as `DynamoDBStreams_20120810.GetRecords`. */
export async function call<Output>(
  endpoint: string,
  operation: string,
  input: object,
  signal?: AbortSignal,
): Promise<Output> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { ...lookSigned, "content-type": "application/x-amz-json-1.0", "x-amz-target": operation },
    body: JSON.stringify(input),
    ...(signal && { signal }),
  });
  const output = (await response.json()) as Output & { __type?: string; message?: string; Message?: string };
  if (response.ok) return output;
  const type = output.__type?.split("#").at(-1) ?? `HTTP ${response.status}`;
  throw new DynamoDbWireError(type, output.message ?? output.Message ?? "no message");
}

/** Whether a DynamoDB answers there. */
export async function ping(endpoint: string): Promise<boolean> {
  try {
    await call(endpoint, "DynamoDB_20120810.ListTables", {}, AbortSignal.timeout(2_000));
    return true;
  } catch {
    return false;
  }
}
