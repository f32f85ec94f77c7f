/** The providers: one line each. A provider's code is loaded when the first of its connections is called for. */
import type { Provider } from "./port.ts";

export const providers: Readonly<Record<string, () => Promise<Provider>>> = {
  ipayout: async () => (await import("./ipayout/provider.ts")).ipayout,
  mircate: async () => (await import("./mircate/provider.ts")).mircate,
  nexio: async () => (await import("./nexio/provider.ts")).nexio,
  paysafe: async () => (await import("./paysafe/provider.ts")).paysafe,
  sipay: async () => (await import("./sipay/provider.ts")).sipay,
};
