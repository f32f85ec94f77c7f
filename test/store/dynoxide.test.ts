/** The store's contract, on the embedded emulator dynoxide. */
import { storeContract } from "./contract.ts";
import { onEmulator, storesIn } from "./emulator.ts";

await onEmulator("dynoxide", (client) => {
  storeContract(async () => ({ ...storesIn(client()), close: async () => {} }));
});
