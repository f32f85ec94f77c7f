/** The providers that the sandbox stands in for: one line each. */

import { ipayout } from "./ipayout.ts";
import { mircate } from "./mircate.ts";
import { nexio } from "./nexio.ts";
import { paysafe } from "./paysafe.ts";
import type { Provider } from "./provider.ts";
import { sipay } from "./sipay.ts";

export const providers: readonly Provider[] = [ipayout, mircate, nexio, sipay, paysafe];
