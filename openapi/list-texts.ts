/** Parameters that lists have in common. */
import type { Json } from "./field-texts.ts";

export const limitText: Json = {
  type: "integer",
  minimum: 1,
  maximum: 100,
  default: 25,
  description: "At most so many.",
};
