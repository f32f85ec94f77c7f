/** The tests, with one line of the product changed as it is loaded: MUTATION names the change. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { applied } from "./mutation.ts";
import { mutationNamed } from "./mutations.ts";

const mutation = mutationNamed(process.env["MUTATION"] ?? "");

export default defineConfig({
  root: fileURLToPath(new URL("../../", import.meta.url)),
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: [["json", { outputFile: process.env["MUTATION_REPORT"] ?? "" }]],
    // What was kept from a run without the change, or with another one, would be tested instead.
    fsModuleCache: false,
  },
  plugins: [
    {
      name: "mutation",
      enforce: "pre",
      transform: (source, id) => (id.split("?")[0]?.endsWith(`/${mutation.file}`) ? applied(mutation, source) : null),
    },
  ],
});
