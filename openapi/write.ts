/** `npm run openapi`: writes the API's description to docs/openapi.json. */
import { writeFile } from "node:fs/promises";
import { openApiDocument } from "./document.ts";

await writeFile(
  new URL("../docs/openapi.json", import.meta.url),
  `${JSON.stringify(await openApiDocument(), null, 2)}\n`,
);
