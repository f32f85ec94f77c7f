/** The providers: one line each. */
import { ipayout } from "./ipayout/provider.ts";
import { mircate } from "./mircate/provider.ts";
import { nexio } from "./nexio/provider.ts";
import { paysafe } from "./paysafe/provider.ts";
import type { Provider } from "./port.ts";
import { sipay } from "./sipay/provider.ts";

export const providers: readonly Provider[] = [ipayout, mircate, nexio, sipay, paysafe];
