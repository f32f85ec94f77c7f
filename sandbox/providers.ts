/** The providers that the sandbox stands in for: one line each. */

import { ipayout } from "./ipayout.ts";
import type { Provider } from "./provider.ts";

export const providers: readonly Provider[] = [ipayout];
