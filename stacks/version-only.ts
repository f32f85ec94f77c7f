/** Of each AWS client's package.json the SDK reads only the version; bundled whole, with its build scripts, it would be 2 kB a client. */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

export const versionOnly: Plugin = {
  name: "version-only",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};
