/**
 * Properties, with fast-check: cases are drawn from a seed that is always the same, so that the same code gets the same
 * verdict on every machine, and what a test says of a change is about the change.
 * `MONEYBACK_TEST_SEED=42 npm test` draws others; a counterexample shows its seed.
 */
import fc from "fast-check";

const seed = Number(process.env["MONEYBACK_TEST_SEED"] ?? 1);
if (!Number.isInteger(seed)) throw new Error("MONEYBACK_TEST_SEED must be a whole number, for example 42.");

fc.configureGlobal({ seed });

export { fc };
