/** `npm run schemas`: writes the JSON Schemas of the events that may be sent to docs/events/. */
import { writeFile } from "node:fs/promises";
import { requestSchemas } from "./request-schemas.ts";

for (const [detailType, schema] of Object.entries(requestSchemas)) {
  const file = new URL(`../../docs/events/${detailType}.schema.json`, import.meta.url);
  await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
}
