/** The providers: one line each. */
import { ipayout } from "./ipayout/provider.ts";
import { nexio } from "./nexio/provider.ts";
import type { Provider } from "./port.ts";

export const providers: readonly Provider[] = [ipayout, nexio];
