/** Parameters that lists have in common. */
import type { Json } from "./field-texts.ts";

export const limitText = limitTextOf(25);

/** `usual`: how many a page has where it is not said. */
export function limitTextOf(usual: number): Json {
  return { type: "integer", minimum: 1, maximum: 100, default: usual, description: "At most so many." };
}
