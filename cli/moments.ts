/** Points in time as people write them. */

/** A date is midnight in UTC; a time must say its zone. */
const isoMoment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Undefined for what cannot be read, or is no day of the calendar. */
export function readMoment(text: string): Date | undefined {
  if (!isoMoment.test(text)) return undefined;
  const moment = new Date(text);
  // The 30th of February is read as the 2nd of March.
  const day = text.slice(0, 10);
  const isDay = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return Number.isNaN(moment.getTime()) || !isDay ? undefined : moment;
}
