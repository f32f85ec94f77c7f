/** Sipay's transaction ids: 21 digits, as in the sample, and so beyond what 64 bits hold. */

import type { Movement } from "../movement.ts";

/** The sample's id without its last six digits, which are the movement's. */
const PREFIX = "895193944360218";

export const transactionIdOf = ({ id }: Movement): string => PREFIX + id.padStart(6, "0");
