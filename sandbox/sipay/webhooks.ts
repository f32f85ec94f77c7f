/** Sipay's webhook of a cashback. That one exists is documented, its body is not: the row of the search (contract, section 10). */

import type { Webhooks } from "../provider.ts";
import { rowText } from "./row.ts";

export const webhooks: Webhooks = {
  // No signature is documented.
  isSigned: false,
  tell: (world, movements) =>
    movements.map((movement) => {
      const body = rowText(world, movement);
      return { event: "cashback", reference: movement.reference, write: () => ({ body, headers: {} }) };
    }),
};
