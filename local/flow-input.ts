/** What Step Functions accepts to start an execution with: the name's form and the input's size. */

/** Step Functions' limit for an execution's input. */
const inputBytesMax = 262_144;

/** Refused by Step Functions in a name: white space, brackets, wildcards, control and other special characters. */
const forbiddenInName = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\ufffe\uffff]/u;

class InvalidNameError extends Error {
  override readonly name = "InvalidName";
}

class InvalidExecutionInputError extends Error {
  override readonly name = "InvalidExecutionInput";
}

class InputTooLongError extends Error {
  override readonly name = "ValidationException";
}

export function validateExecutionName(name: string): void {
  if (name.length < 1 || name.length > 80 || forbiddenInName.test(name)) {
    throw new InvalidNameError(`Invalid Name: '${name}'`);
  }
}

/** The parsed input. Typed as the interpreter wants it: any JSON value. */
export function parseExecutionInput(input: string): Record<string, never> {
  if (Buffer.byteLength(input) > inputBytesMax) {
    throw new InputTooLongError(
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${inputBytesMax}`,
    );
  }
  try {
    return JSON.parse(input) as Record<string, never>;
  } catch {
    throw new InvalidExecutionInputError("Invalid State Machine Execution Input: it is not valid JSON.");
  }
}
