/** Task `Spendback`: claims the attempt and makes the one call that moves the money. */
import { submitHandler } from "../lib/lambda/submit-handler.ts";

export const handler = submitHandler();
