/** What every connection may set, whoever the provider is. */
import * as z from "zod/mini";

const nonEmpty = z.string().check(z.minLength(1));

/** An HTTP address without the slash at its end, so that paths can be appended. */
export const baseUrl = z.pipe(
  z
    .url({ protocol: /^https?$/ })
    .check(z.refine((url) => !/[?#@]/.test(url), "must have no credentials, no query and no fragment")),
  z.transform((url: string) => url.replace(/\/+$/, "")),
);

/** How long an open outcome is followed up, unless a connection says otherwise. */
const deadlineHoursDefault = 72;

/** A year. Beyond it nobody would still be waiting. */
export const deadlineHoursMax = 8_760;

/** A provider's own members are added to these with `z.extend`. Unknown members are refused: a typo must not pass for a default. */
export const CommonConnection = z.strictObject({
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i)),
  provider: nonEmpty,
  baseUrl,
  /** How long one call may take. A Lambda that calls a provider lives 30 s, and has to read, wait and write around it. */
  timeoutMs: z._default(z.int().check(z.minimum(1), z.maximum(20_000)), 15_000),
  /** How many calls a second the provider allows. */
  requestsPerSecond: z.optional(z.number().check(z.positive())),
  /** How long an open outcome is followed up before an operator is asked. */
  deadlineHours: z._default(z.number().check(z.positive(), z.maximum(deadlineHoursMax)), deadlineHoursDefault),
  /** What the provider signs its webhooks with. Absent: they are taken unsigned, as from anybody. */
  webhookSecret: z.optional(nonEmpty),
  /** Who may use it. Absent: every tenant. */
  tenants: z.optional(z.array(nonEmpty)),
});
export type CommonConnection = z.infer<typeof CommonConnection>;
