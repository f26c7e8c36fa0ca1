CREATE TABLE pages ( -- Pages of items that were visited for what their records leave out
    record INTEGER PRIMARY KEY REFERENCES records (id), -- Record
    url TEXT NOT NULL, -- Address asked: the record's landing_url
    final_url TEXT, -- Address that answered, where it is another
    outcome TEXT NOT NULL CHECK (outcome IN ('read', 'unchanged', 'refused', 'forbidden', 'failed')), -- read: its statements count; refused: it is not the item's page; forbidden: robots.txt or the site; failed: no answer
    detail TEXT, -- Why it was refused, forbidden or failed, in words
    status INTEGER, -- HTTP status of the last visit
    asked_at TEXT NOT NULL, -- Last visit, UTC
    read_at TEXT, -- Visit that brought the body kept here, UTC
    next_at TEXT NOT NULL, -- Not visited again before this instant, UTC
    failures INTEGER NOT NULL DEFAULT 0, -- Visits in a row without an answer
    etag TEXT, -- ETag of the body, for the next visit
    last_modified TEXT, -- Last-Modified of the body
    content_type TEXT, -- Content-Type of the body
    link TEXT, -- Link header of the body (signposting)
    body BLOB -- The page as received, Zstandard; empty when it was never read
) STRICT;

CREATE INDEX pages_by_visit ON pages (next_at);

CREATE TABLE page_sites ( -- Sites whose pages are visited: their robots.txt, and what every page of them says
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository
    host TEXT NOT NULL, -- Scheme and host, with the port
    robots TEXT, -- robots.txt as received; empty: nothing is forbidden
    robots_status INTEGER, -- HTTP status of robots.txt
    marks TEXT NOT NULL DEFAULT '[]', -- JSON: statements of the home page, which are the site's and never an item's
    asked_at TEXT NOT NULL, -- When both were asked for, UTC
    PRIMARY KEY (repository, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE page_days ( -- Visits per repository and day: the budget holds across restarts because a visit is counted before it is made
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository
    day TEXT NOT NULL, -- Day, UTC
    visits INTEGER NOT NULL, -- Pages asked for
    PRIMARY KEY (repository, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE witnesses ( -- What others say of a DOI: an overlay that overwrites nothing
    witness TEXT NOT NULL, -- unpaywall or crossref
    doi TEXT NOT NULL, -- DOI in lower case
    found INTEGER NOT NULL CHECK (found IN (0, 1)), -- 0: the witness does not know it
    is_open_access INTEGER CHECK (is_open_access IN (0, 1)), -- Its verdict on access; empty: none
    route TEXT, -- How it is open in the witness's words: gold, green, bronze and so on
    license TEXT, -- The licence it names, read by our rules
    license_text TEXT, -- The licence as the witness writes it
    url TEXT, -- Where the witness found the open copy
    answer BLOB NOT NULL, -- The answer as received, Zstandard
    asked_at TEXT NOT NULL, -- When it was asked, UTC
    expires_at TEXT NOT NULL, -- Asked again after this instant, UTC
    PRIMARY KEY (witness, doi)
) STRICT, WITHOUT ROWID;

CREATE VIEW witness_conflicts AS -- Live records about which a witness says something else than the mirror
SELECT r.id, r.repository, r.oai_identifier, r.title, r.doi,
    w.witness AS witness, -- Who says something else
    r.access, r.is_open_access,
    w.is_open_access AS witness_is_open_access, -- 1: the witness holds it to be open
    r.license,
    w.license AS witness_license, -- Licence that the witness names, read by our rules
    w.route AS witness_route, -- How it is open in the words of the witness
    w.url AS witness_url, -- Where the witness found the open copy
    w.asked_at AS asked_at -- When the witness was asked, UTC
FROM records AS r JOIN witnesses AS w ON w.doi = r.doi
WHERE r.deleted = 0 AND w.found = 1
    AND (w.is_open_access <> r.is_open_access OR (w.license IS NOT NULL AND r.license IS NOT NULL AND w.license <> r.license));

CREATE VIEW extra_sources AS -- Per repository, records and flags with and without what further formats and pages of items add
SELECT r.repository,
    count(*) AS records, -- Live records
    sum(r.is_open_access) AS open_access, -- Open by all evidence
    sum(r.is_open_access AND (e.access_own IS NULL OR e.access_own)) AS open_access_without, -- Open, resting on the record's own evidence
    sum(r.is_cc_by_nc) AS cc_by_nc, -- Under CC BY-NC by all evidence
    sum(r.is_cc_by_nc AND (e.license_own IS NULL OR e.license_own)) AS cc_by_nc_without -- Under CC BY-NC, resting on the record's own evidence
FROM records AS r LEFT JOIN (
    SELECT record, max(subject <> 'license' AND origin IS NULL) AS access_own, max(subject = 'license' AND origin IS NULL) AS license_own
    FROM evidence WHERE used = 1 GROUP BY record
) AS e ON e.record = r.id
WHERE r.deleted = 0
GROUP BY r.repository;
