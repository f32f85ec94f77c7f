/** What the bench says of batches, as a person reads it. */
import type { KilledBatch } from "./batch-killed.ts";
import type { BatchWeight } from "./batch-sizes.ts";

export function batchWeightLines(weights: readonly BatchWeight[]): string[] {
  const columns = ["rows", "record", "chunk", "seen", "loading", "a GET reads"];
  const rows = weights.map((one) => [
    one.rows.toLocaleString("en"),
    `${one.recordBytes} B`,
    `${one.chunkBytesMax} B`,
    `${one.stateBytesMax} B`,
    `${one.loadingHeapMb} MB`,
    `${one.statesRead} small items, ${one.transactionsRead} transactions`,
  ]);
  return [
    "What a batch weighs: its record, a hundred rows, what was seen of them, how far a loading run's heap grows",
    "",
    ...[columns, ...rows].map((cells) =>
      cells.map((cell, place) => (place < 5 ? cell.padStart(9) : `  ${cell}`)).join(""),
    ),
    "",
  ];
}

export function killedBatchLines(batch: KilledBatch): string[] {
  const { rows, seconds, rowsPerSecond, killedAt, counts, movements, references, wrongLooks } = batch;
  const [killedMb, endMb] = batch.residentMb;
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    `${rows.toLocaleString("en")} cashbacks through a local stack that was killed when ${killedAt} had ended`,
    "",
    `${rowsPerSecond} rows a second, the restart included (${seconds} s)`,
    `rows: ${told.map(([status, count]) => `${count} ${status}`).join(", ")}`,
    `movements in the sandbox's ledger: ${movements}, under ${references} references`,
    `looks at which the counts were wrong: ${wrongLooks}`,
    `units a row: ${batch.writeUnitsPerRow} write, ${batch.readUnitsPerRow} read`,
    `memory of the whole stack: ${killedMb} MB when it was killed, ${endMb} MB at the end of its second life`,
    "",
  ];
}
