/** Loaded before anything else (`node --import`): changes one line of the product as it is read, and nothing on the disk. */
import { registerHooks } from "node:module";
import { applied } from "./mutation.ts";
import { mutationNamed } from "./mutations.ts";

const mutation = mutationNamed(process.env["MUTATION"] ?? "");

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${mutation.file}`)) return loaded;
    return { ...loaded, source: applied(mutation, String(loaded.source)) };
  },
});
