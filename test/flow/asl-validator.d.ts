/** The package brings no types: what the tests use of it. */
declare module "asl-validator" {
  function validate(definition: unknown): { isValid: boolean; errorsText(): string };
  export = validate;
}
