// The tables, as the steps that lead from each version of them to the next.

import type Database from 'libsql';

/** Step n leads from version n to n + 1; an empty database is version 0. Steps are added, never changed. */
const STEPS: readonly string[] = [
  `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE rooms (room TEXT PRIMARY KEY, head INTEGER NOT NULL, floor INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE records (
     room TEXT NOT NULL, offset INTEGER NOT NULL, id TEXT NOT NULL, storedAtMs INTEGER NOT NULL, wire TEXT NOT NULL,
     PRIMARY KEY (room, offset)
   ) WITHOUT ROWID;
   CREATE UNIQUE INDEX recordsById ON records (room, id);
   CREATE INDEX recordsByAge ON records (storedAtMs);`,
  // Retention asks room by room, and an index without the room made it read every record of the room.
  `DROP INDEX recordsByAge;
   CREATE INDEX recordsByAge ON records (room, storedAtMs);`,
  // Whether a message was taken back is asked with each piece of its photo.
  `CREATE INDEX retractions ON records (room, json_extract(wire, '$[4].target'))
     WHERE json_extract(wire, '$[4].kind') = 'retract';`,
];

export const SCHEMA_VERSION = STEPS.length;

/**
 * Brings the tables to this version, all steps in one transaction.
 * @throws {Error} when a later version of the program wrote them
 */
export function migrate(database: Database.Database): void {
  const version = versionOf(database);
  if (version > SCHEMA_VERSION) {
    throw new Error(`it was written by a later version of festival-chat (schema ${version})`);
  }
  if (version === SCHEMA_VERSION) return;
  database.exec(`BEGIN IMMEDIATE; ${STEPS.slice(version).join('\n')}`);
  database.prepare("INSERT OR REPLACE INTO facts (name, value) VALUES ('schema', ?)").run(String(SCHEMA_VERSION));
  database.exec('COMMIT');
}

function versionOf(database: Database.Database): number {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'facts'").get();
  if (table === undefined) return 0;
  const row = database.prepare("SELECT value FROM facts WHERE name = 'schema'").get() as { value: string } | undefined;
  return Number(row?.value ?? 0);
}
