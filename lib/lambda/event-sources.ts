/** Which sources on the bus may act for which tenants. */
import * as z from "zod/mini";

/** Whether what this source puts on the bus may move this tenant's money. */
export type MayAct = (source: string, tenant: string) => boolean;

const EventSources = z.record(z.string(), z.array(z.string()));

/** Stands for every source. There is no such word for tenants: each is named. */
const anySource = "*";

/**
 * Reads `{"<source>": ["<tenant>", …]}`. Unset: nobody may, because whoever can put an event on the bus can name any source.
 * @throws Error where it is set and no such thing: guessing would either lock everybody out or let somebody in.
 */
export function readEventSources(text: string | undefined): MayAct {
  const tenantsOf = new Map(Object.entries(text ? parse(text) : {}));
  return (source, tenant) => [source, anySource].some((name) => tenantsOf.get(name)?.includes(tenant) === true);
}

function parse(text: string): z.infer<typeof EventSources> {
  try {
    return EventSources.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error('EVENT_SOURCES is not JSON such as {"shop.orders": ["acme"]}', { cause });
  }
}
