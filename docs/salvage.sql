-- The second half of a salvage (docs/operating.md): what a dump does not carry, and parts whose record was lost.
PRAGMA application_id = 1329678669;
PRAGMA user_version = 3;
DELETE FROM creators WHERE record NOT IN (SELECT id FROM records);
DELETE FROM dates WHERE record NOT IN (SELECT id FROM records);
DELETE FROM evidence WHERE record NOT IN (SELECT id FROM records);
DELETE FROM flag_changes WHERE record NOT IN (SELECT id FROM records);
DELETE FROM identifiers WHERE record NOT IN (SELECT id FROM records);
DELETE FROM issues WHERE record NOT IN (SELECT id FROM records);
DELETE FROM pages WHERE record NOT IN (SELECT id FROM records);
DELETE FROM raw_records WHERE record NOT IN (SELECT id FROM records);
DELETE FROM record_sets WHERE record NOT IN (SELECT id FROM records);
DELETE FROM subjects WHERE record NOT IN (SELECT id FROM records);
DELETE FROM leases;
DELETE FROM counted;
INSERT INTO records_fts(records_fts) VALUES ('rebuild');
