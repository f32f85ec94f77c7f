/** The bus: what happened to transactions, and requests to move money. Its archive can replay what a consumer missed. */
import { physicalName } from "./names.ts";

/** As long as an Idempotency-Key is remembered: an older request that is replayed would still find its transaction. */
const archivedDays = 30;

export function createBus() {
  const bus = new sst.aws.Bus("Bus", { transform: { bus: { name: physicalName("bus") } } });
  new aws.cloudwatch.EventArchive("Archive", {
    name: physicalName("archive"),
    eventSourceArn: bus.arn,
    retentionDays: archivedDays,
  });
  return bus;
}
