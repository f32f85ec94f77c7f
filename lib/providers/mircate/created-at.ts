/** When Mircate says that a row was made: whether that can have been the call which we remember. */

/** Ours ends after 25 s at the latest, and 25 s is what the platform gives a method (Retter Rio, classes); the rest is for clocks. */
const lateMs = 2 * 60_000;

/** The one form that names a moment. Which form Mircate writes is not documented; a neighbouring page shows this one. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * Whether a row may come from a call sent right after `since`, as far as its time can be read; true where it cannot.
 * There is no tolerance downwards but the text's own precision: a refund that was made just before and is listed late looks
 * the same otherwise. Where Mircate's clock is behind ours, an operator is asked too often, and nothing is adopted wrongly.
 */
export function isMadeSince(createdAt: string | null | undefined, since: Date): boolean {
  const match = moment.exec(createdAt ?? "");
  const time = match ? Date.parse(match[0]) : Number.NaN;
  if (Number.isNaN(time)) return true;
  const precisionMs = 10 ** Math.max(0, 3 - (match?.[1]?.length ?? 0));
  return time + precisionMs > since.getTime() && time <= since.getTime() + lateMs;
}
