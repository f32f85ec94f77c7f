/** Keeps dynoxide quick where a table has a stream, however many changes the stream holds. */
import { DatabaseSync } from "node:sqlite";

/** It may be writing its own tables just then. */
const patienceMs = 5_000;

/**
 * dynoxide 1.2.1 numbers a change by looking for the highest number among all the changes of the table that it has kept,
 * without an index: each write takes as many microseconds longer as there are changes. With these two indexes in its file it
 * takes as long after 100,000 changes as after one. Older and newer versions have no use for them, and take no harm.
 *
 * @param databaseFile dynoxide's own, after its first answer: its tables are made by then.
 */
export function indexStreams(databaseFile: string): void {
  const database = new DatabaseSync(databaseFile, { timeout: patienceMs });
  try {
    const [table] = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '_stream_records'").all();
    if (!table) return;
    database.exec(`
      CREATE INDEX IF NOT EXISTS _moneyback_last ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
      CREATE INDEX IF NOT EXISTS _moneyback_shard ON _stream_records (table_name, shard_id, sequence_number);
    `);
  } finally {
    database.close();
  }
}
