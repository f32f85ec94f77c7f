/** Fills the flow definition's `${NameFunctionArn}` placeholders. The deployed state machine and the local one both go through here. */

const placeholder = /\$\{([^}]*)\}/g;
const suffix = "FunctionArn";

/**
 * The definition's text with each `${NameFunctionArn}` replaced by `arns[Name]`.
 * Throws on a placeholder that no ARN fills, and on an ARN that no placeholder uses: both are a task renamed on one side only.
 */
export function renderDefinition(text: string, arns: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(arns));
  const rendered = text.replace(placeholder, (whole, name: string) => {
    const task = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
    const arn = Object.hasOwn(arns, task) ? arns[task] : undefined;
    if (arn === undefined) throw new Error(`The flow's definition names ${whole}, and no task has that name.`);
    unused.delete(task);
    return arn;
  });
  if (unused.size > 0) {
    throw new Error(`The flow's definition uses no placeholder for ${[...unused].join(", ")}.`);
  }
  return rendered;
}
