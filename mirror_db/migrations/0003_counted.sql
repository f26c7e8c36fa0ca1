CREATE TABLE counted ( -- How far the figures of each repository are: where the two numbers differ, they are counted anew
    repository TEXT PRIMARY KEY REFERENCES repositories (id), -- Repository
    changes INTEGER NOT NULL DEFAULT 0, -- Times that something changed which figures count
    counted INTEGER -- What changes was in the state that the figures show; empty: never counted
) STRICT, WITHOUT ROWID;

CREATE TABLE counted_pairs ( -- Live records of each repository by two facets at a time, from which those of all together are summed
    repository TEXT PRIMARY KEY REFERENCES repositories (id), -- Repository
    pairs BLOB NOT NULL -- JSON, Zstandard: facet=value, then facet|value, then records
) STRICT;

CREATE INDEX quarantine_waiting ON quarantine (repository) WHERE resolved_at IS NULL;
