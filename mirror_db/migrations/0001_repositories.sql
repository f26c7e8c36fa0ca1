CREATE TABLE repositories ( -- One row per repository that was ever harvested or checked into this mirror
    id TEXT PRIMARY KEY, -- Short name used on the command line and in every other table
    name TEXT NOT NULL, -- Name for people: from the configuration, else from Identify
    base_url TEXT NOT NULL, -- OAI-PMH base URL as configured, without credentials
    redirected_to TEXT, -- Base URL that the server permanently redirects to: a suggestion for the configuration
    repository_name TEXT, -- Identify: repositoryName
    identify_base_url TEXT, -- Identify: baseURL as the server states it
    protocol_version TEXT, -- Identify: protocolVersion
    earliest_datestamp TEXT, -- Identify: earliestDatestamp in UTC; empty when absent or absurd
    deleted_record TEXT, -- Identify: deletedRecord (no, transient or persistent), as claimed
    granularity TEXT, -- Identify: granularity as stated (YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ)
    admin_emails TEXT, -- Identify: adminEmail values, joined by a comma: whom to write to
    compression TEXT, -- Identify: compression values, joined by a comma
    descriptions TEXT, -- Identify: description containers as XML text (metadata policy and the like)
    identified_at TEXT, -- When Identify was last answered, UTC
    country TEXT, -- Country code from the configuration
    platform TEXT, -- Software recognised or configured: eprints, dspace, ojs and so on
    state TEXT NOT NULL DEFAULT 'never' CHECK (state IN ('never', 'complete', 'partial', 'stale', 'failing', 'deferred', 'blocked')), -- What may be believed of this repository's records
    state_reason TEXT, -- Why the state is what it is, in words
    state_since TEXT, -- When this state began, UTC
    not_before TEXT, -- The server asked not to be called before this instant, UTC
    last_complete_at TEXT, -- End of the last run that proved its lists complete, UTC
    last_run INTEGER, -- The newest run of this repository (runs.id)
    failures INTEGER NOT NULL DEFAULT 0 -- Runs in a row that did not end complete
) STRICT;

CREATE TABLE runs ( -- One row per harvest, verification or other work on one repository
    id INTEGER PRIMARY KEY, -- Number of the run
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository the run worked on
    kind TEXT NOT NULL, -- harvest, full, window, verify, renormalise, reevaluate or pages
    started_at TEXT NOT NULL, -- Start, UTC
    ended_at TEXT, -- End, UTC; empty while running
    outcome TEXT NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'complete', 'partial', 'failed', 'deferred', 'interrupted')), -- How it ended; complete only when proven
    reason TEXT, -- Why it ended so, in words
    pages INTEGER NOT NULL DEFAULT 0, -- Pages committed
    listed INTEGER NOT NULL DEFAULT 0, -- Records that the server listed, tombstones included
    created INTEGER NOT NULL DEFAULT 0, -- Records new to the mirror
    updated INTEGER NOT NULL DEFAULT 0, -- Records whose content changed
    unchanged INTEGER NOT NULL DEFAULT 0, -- Records listed again without a change of content
    deleted INTEGER NOT NULL DEFAULT 0, -- Records newly marked as deleted
    restored INTEGER NOT NULL DEFAULT 0, -- Records that were deleted and are live again
    vanished INTEGER NOT NULL DEFAULT 0, -- Records marked deleted because a proven full list no longer held them
    duplicates INTEGER NOT NULL DEFAULT 0, -- Times a record was listed again within the run
    quarantined INTEGER NOT NULL DEFAULT 0, -- Records that could not be read
    embargoes_ended INTEGER NOT NULL DEFAULT 0, -- Records that the clock alone turned open
    flags_changed INTEGER NOT NULL DEFAULT 0, -- Records whose licence or access verdict changed
    beside INTEGER NOT NULL DEFAULT 0, -- Forms of further formats, or pages of items, that were taken in beside records
    requests INTEGER NOT NULL DEFAULT 0, -- HTTP requests sent, retries included
    retries INTEGER NOT NULL DEFAULT 0, -- HTTP requests that repeated an earlier one
    bytes_received INTEGER NOT NULL DEFAULT 0, -- Bytes received on the wire
    waited_s REAL NOT NULL DEFAULT 0, -- Seconds spent waiting for politeness or because the server asked
    holder TEXT, -- Process that ran it: host and process id
    version TEXT -- Version of oai-mirror
) STRICT;

CREATE INDEX runs_by_repository ON runs (repository, id);

CREATE TABLE lists ( -- The ledger: one row per list asked of a server, with the proof of its end
    id INTEGER PRIMARY KEY, -- Number of the list
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository asked
    run INTEGER NOT NULL REFERENCES runs (id), -- Newest run that worked on it
    parent INTEGER REFERENCES lists (id), -- The list of which this is a window, when it had to be cut up
    verb TEXT NOT NULL, -- ListRecords or ListIdentifiers
    purpose TEXT NOT NULL, -- full, incremental, window (asked by a user) or verify
    prefix TEXT NOT NULL, -- metadataPrefix
    "set" TEXT, -- setSpec asked for; empty for the whole repository
    "from" TEXT, -- from argument as sent; empty for none
    "until" TEXT, -- until argument as sent; empty for none
    token TEXT, -- resumptionToken to send next; NULL before the first page and once it is closed, '' when the last page is there
    token_expires TEXT, -- expirationDate of that token, UTC
    pages INTEGER NOT NULL DEFAULT 0, -- Pages committed of this list
    expected INTEGER, -- completeListSize as last stated: a hint, never a proof
    got INTEGER NOT NULL DEFAULT 0, -- Records read from it, repeats included
    restarts INTEGER NOT NULL DEFAULT 0, -- Times it was begun again because a token was lost
    newest_record INTEGER NOT NULL DEFAULT 0, -- Newest record of the mirror when it was opened (records.id): later ones cannot be missing from it
    met_before INTEGER, -- Different records it had shown when it was asked again in two halves to prove its end
    first_response_date TEXT, -- responseDate of its first page, UTC: the next from is counted from here
    started_at TEXT NOT NULL, -- First request, UTC
    ended_at TEXT, -- Last page, UTC; empty while unfinished
    ended TEXT, -- Why it ended, in words
    proven INTEGER NOT NULL DEFAULT 0 CHECK (proven IN (0, 1)) -- 1: the end of the list was seen in a well-formed answer and nothing was lost
) STRICT;

CREATE INDEX lists_by_repository ON lists (repository, id);
CREATE INDEX lists_by_run ON lists (run);

CREATE TABLE warnings ( -- What a run noticed that a person may want to know
    id INTEGER PRIMARY KEY, -- Order of notice
    run INTEGER NOT NULL REFERENCES runs (id), -- Run that noticed it
    code TEXT NOT NULL, -- Stable code, see docs/issues.md
    detail TEXT NOT NULL -- What was seen, in words
) STRICT;

CREATE INDEX warnings_by_run ON warnings (run);

CREATE TABLE learned ( -- What was learnt of a server and is used until told otherwise; the configuration overrides it
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository it is true of
    topic TEXT NOT NULL, -- granularity, token_with_prefix, token_verbatim, identity_encoding, selective and so on
    value TEXT NOT NULL, -- What is used now
    why TEXT NOT NULL, -- What the server did that taught it
    learned_at TEXT NOT NULL, -- When, UTC
    PRIMARY KEY (repository, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE leases ( -- Who is harvesting a repository now, so that two harvests never mix
    repository TEXT PRIMARY KEY REFERENCES repositories (id), -- Repository held
    holder TEXT NOT NULL, -- Host and process id
    pid INTEGER NOT NULL, -- Process id on that host
    host TEXT NOT NULL, -- Host name
    started TEXT NOT NULL, -- When that process began, in its system's own measure: tells it from a later one of the same number
    taken_at TEXT NOT NULL, -- Since when, UTC
    beat_at TEXT NOT NULL -- Last sign of life, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE sets ( -- Sets that the repository lists
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository
    spec TEXT NOT NULL, -- setSpec
    name TEXT, -- setName
    description TEXT, -- setDescription as text
    first_seen_at TEXT NOT NULL, -- First listed, UTC
    last_seen_at TEXT NOT NULL, -- Last listed, UTC
    gone_at TEXT, -- When a complete ListSets no longer held it, UTC
    PRIMARY KEY (repository, spec)
) STRICT, WITHOUT ROWID;

CREATE TABLE formats ( -- Metadata formats that the repository offers
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository
    prefix TEXT NOT NULL, -- metadataPrefix
    schema TEXT, -- Location of the schema
    namespace TEXT, -- metadataNamespace
    last_seen_at TEXT NOT NULL, -- Last listed, UTC
    PRIMARY KEY (repository, prefix)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats ( -- Figures counted ahead, so that the home page needs no scan
    repository TEXT NOT NULL, -- Repository, or * for all together
    measure TEXT NOT NULL, -- What is counted: records, access, license, year and so on
    key TEXT NOT NULL, -- Value counted, or - for a total
    value INTEGER NOT NULL, -- The count
    updated_at TEXT NOT NULL, -- When it was counted, UTC
    PRIMARY KEY (repository, measure, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE appointments ( -- What the daemon does next with each repository, and why
    repository TEXT PRIMARY KEY REFERENCES repositories (id), -- Repository
    at TEXT NOT NULL, -- When, UTC
    kind TEXT NOT NULL, -- harvest, full or verify
    reason TEXT NOT NULL, -- Why then, in words
    decided_at TEXT NOT NULL -- When this was decided, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE told ( -- The last state of each repository that people were told about
    repository TEXT PRIMARY KEY REFERENCES repositories (id), -- Repository
    state TEXT NOT NULL, -- That state
    told_at TEXT NOT NULL -- When, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts ( -- Messages to people, one row per way of telling, kept until that way took them or was given up
    id INTEGER PRIMARY KEY, -- Order of the messages
    way TEXT NOT NULL, -- command, webhook or mail
    message TEXT NOT NULL, -- JSON: what is told
    made_at TEXT NOT NULL, -- When it became news, UTC
    attempts INTEGER NOT NULL DEFAULT 0, -- Times it was tried
    not_before TEXT NOT NULL, -- Next attempt, UTC
    ended_at TEXT, -- When it was delivered or given up, UTC
    problem TEXT -- Why the last attempt failed; empty after ended_at: delivered
) STRICT;

CREATE TABLE settings ( -- Facts about this file itself
    key TEXT PRIMARY KEY, -- Name
    value TEXT NOT NULL -- Value
) STRICT, WITHOUT ROWID;
