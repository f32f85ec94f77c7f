/** The environment variables that a Lambda is given. */

/** @throws Error naming the variable that is missing. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}
