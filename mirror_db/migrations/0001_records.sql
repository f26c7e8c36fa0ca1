CREATE TABLE records ( -- One row per item; tombstones stay with deleted = 1 and their flags cleared
    id INTEGER PRIMARY KEY, -- Number of the record in this mirror
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository it was harvested from
    oai_identifier TEXT NOT NULL, -- OAI identifier, unique within the repository
    datestamp TEXT, -- Datestamp of the header in UTC: last change as the repository states it, not a publication date
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)), -- 1: a tombstone
    deleted_why TEXT, -- Header status, or why it was taken to have vanished
    title TEXT, -- First dc:title as text
    creators TEXT, -- Names as readable text joined by "; ", the parts are in the table creators
    subjects TEXT, -- Subject terms joined by "; ", the parts are in the table subjects
    publisher TEXT, -- Publisher as stated
    container TEXT, -- Journal, book or series it appeared in
    container_volume TEXT, -- Volume
    container_issue TEXT, -- Issue
    first_page TEXT, -- First page
    last_page TEXT, -- Last page
    citation TEXT, -- Citation as the record prints it
    source_text TEXT, -- dc:source that no template understood
    issued TEXT, -- Publication date as EDTF: 2012, 2012-05, 1998~, 1940/1949
    year INTEGER, -- Year of that date
    type TEXT, -- COAR resource type, its English label
    type_uri TEXT, -- COAR resource type, its URI
    language TEXT, -- Language of the item, BCP 47
    language_iso639_3 TEXT, -- Language of the item, ISO 639-3
    version TEXT, -- Version of the article: AO, SMUR, AM, P, VoR, CVoR, EVoR or NA
    peer_reviewed INTEGER, -- 1: stated to be peer reviewed; empty: not stated
    doi TEXT, -- DOI in lower case, only when one is certain
    landing_url TEXT, -- Page of the item
    file_url TEXT, -- First file; a link, no proof that it is open
    license TEXT, -- Licence, SPDX-like: CC-BY-NC-4.0, CC-BY-NC-2.0-UK, LicenseRef-...; empty: none stated
    spdx_id TEXT, -- The same where the SPDX list has it exactly
    license_url TEXT, -- Canonical URL of the licence
    license_family TEXT, -- by, by-nc, by-nc-nd, cc0, public-domain, publisher, rights-statement and so on
    license_version TEXT, -- Version of the licence
    license_version_hint TEXT, -- Version that the platform probably means, when none is stated
    license_jurisdiction TEXT, -- Jurisdiction port of a Creative Commons licence
    license_start TEXT, -- Day from which the licence is in force
    licenses_all TEXT, -- JSON: every licence that was stated and survives
    next_license TEXT, -- Licence that comes into force later
    next_license_start TEXT, -- Day from which it does
    access TEXT NOT NULL DEFAULT 'unknown' CHECK (access IN ('open', 'embargoed', 'restricted', 'metadata-only', 'unknown')), -- Access on the day evaluated_on
    access_uri TEXT, -- The same as a COAR access right URI
    embargo_end TEXT, -- First open day
    is_open_access INTEGER NOT NULL DEFAULT 0 CHECK (is_open_access IN (0, 1)), -- 1: access is open, by evidence
    is_cc_by_nc INTEGER NOT NULL DEFAULT 0 CHECK (is_cc_by_nc IN (0, 1)), -- 1: the licence is CC BY-NC itself, any version or port, whatever the access
    is_nc_family INTEGER NOT NULL DEFAULT 0 CHECK (is_nc_family IN (0, 1)), -- 1: BY-NC, BY-NC-SA or BY-NC-ND among the licences
    has_nc_terms INTEGER NOT NULL DEFAULT 0 CHECK (has_nc_terms IN (0, 1)), -- 1: non-commercial terms outside Creative Commons
    license_conflict INTEGER NOT NULL DEFAULT 0 CHECK (license_conflict IN (0, 1)), -- 1: the record states different licences; the least open was taken
    access_conflict INTEGER NOT NULL DEFAULT 0 CHECK (access_conflict IN (0, 1)), -- 1: the record states different access; the most closed was taken
    partial_open INTEGER NOT NULL DEFAULT 0 CHECK (partial_open IN (0, 1)), -- 1: some files are open, others not
    has_fulltext_link INTEGER NOT NULL DEFAULT 0 CHECK (has_fulltext_link IN (0, 1)), -- 1: a link to a file is given; says nothing about access
    oa_route TEXT, -- How it is open: licensed, free-to-read, embargo-elapsed or set
    license_confidence REAL, -- 0 to 1
    access_confidence REAL, -- 0 to 1
    next_change_on TEXT, -- Day on which the clock alone may change the verdict
    evaluated_on TEXT, -- Day taken as today when the verdict was made
    rules_version TEXT, -- Version of the rules that made the verdict
    first_seen_at TEXT NOT NULL, -- First harvested, UTC
    changed_at TEXT NOT NULL, -- Content last changed, UTC; harvesting it again unchanged does not move it
    flags_changed_at TEXT, -- Licence or access verdict last changed, UTC
    description TEXT -- Abstract; last, so that scans of the other columns stay quick
) STRICT;

CREATE UNIQUE INDEX records_by_identifier ON records (repository, oai_identifier);

CREATE TABLE creators ( -- Creators and contributors of a record, in order
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    seq INTEGER NOT NULL, -- Order within the record
    element TEXT NOT NULL, -- Element it was read from
    ordinal INTEGER NOT NULL, -- Which value of that element, from 1
    role TEXT NOT NULL, -- creator or contributor
    name TEXT NOT NULL, -- Name as shown
    family TEXT, -- Family name
    given TEXT, -- Given names
    suffix TEXT, -- Jr, III, PhD
    dates TEXT, -- Years of life as printed
    kind TEXT NOT NULL, -- person, organisation or unknown
    orcid TEXT, -- ORCID iD
    match_key TEXT, -- Folded family name and first initial, for grouping only
    stated TEXT, -- Raw value, kept only where it differs from the name
    value TEXT GENERATED ALWAYS AS (coalesce(stated, name)) VIRTUAL, -- Raw value
    PRIMARY KEY (record, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE subjects ( -- Subject terms of a record, in order
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    seq INTEGER NOT NULL, -- Order within the record
    element TEXT NOT NULL, -- Element it was read from
    ordinal INTEGER NOT NULL, -- Which value of that element, from 1
    scheme TEXT, -- ddc, lcc, lcsh, msc, jacs, udc, jel
    code TEXT, -- Notation in that scheme
    label TEXT NOT NULL, -- Term as shown
    stated TEXT, -- Raw value, kept only where it differs from the label
    value TEXT GENERATED ALWAYS AS (coalesce(stated, label)) VIRTUAL, -- Raw value
    PRIMARY KEY (record, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE identifiers ( -- Identifiers found in a record: DOI, handle, ISSN, ISBN, URLs and others
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    seq INTEGER NOT NULL, -- Order within the record
    element TEXT NOT NULL, -- Element it was read from
    ordinal INTEGER NOT NULL, -- Which value of that element, from 1
    scheme TEXT NOT NULL, -- doi, handle, urn, issn, isbn, pmid, pmcid, arxiv, orcid, oai, url, funding or other
    identifier TEXT NOT NULL, -- Canonical form; the raw text when it is not valid
    role TEXT NOT NULL, -- self, version_of_record, related, journal, file, landing, part, funding or other
    qualifier TEXT, -- print or electronic, for an ISSN
    valid INTEGER NOT NULL CHECK (valid IN (0, 1)), -- 1: well formed, check digit right
    before TEXT, -- What makes an address when it is put before the identifier; kept instead of the whole address
    link TEXT, -- Address where it is not made so
    stated TEXT, -- Raw value, kept only where it differs from the address or else from the identifier
    url TEXT GENERATED ALWAYS AS (coalesce(link, before || identifier)) VIRTUAL, -- Address, http or https only
    value TEXT GENERATED ALWAYS AS (coalesce(stated, url, identifier)) VIRTUAL, -- Raw value
    PRIMARY KEY (record, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE dates ( -- Dates of a record, in order
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    seq INTEGER NOT NULL, -- Order within the record
    element TEXT NOT NULL, -- Element it was read from
    ordinal INTEGER NOT NULL, -- Which value of that element, from 1
    role TEXT NOT NULL, -- issued, accessioned, available, accepted, submitted, embargo_end, created, updated or unknown
    edtf TEXT, -- EDTF text; empty where it could not be read
    date_min TEXT, -- First day covered
    date_max TEXT, -- Last day covered
    precision TEXT, -- year, month, day, range or timestamp
    stated TEXT, -- Raw value, kept only where it differs from the EDTF text
    value TEXT GENERATED ALWAYS AS (coalesce(stated, edtf)) VIRTUAL, -- Raw value
    PRIMARY KEY (record, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence ( -- Every value that a rule read for the licence, the access or an embargo, used or not
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    seq INTEGER NOT NULL, -- Order within the record
    subject TEXT NOT NULL CHECK (subject IN ('license', 'access', 'embargo')), -- What it speaks about
    element TEXT NOT NULL, -- Element it was read from; setSpec for a set
    ordinal INTEGER NOT NULL, -- Which value of that element, from 1
    value TEXT NOT NULL, -- Value as received
    rule TEXT NOT NULL, -- Rule that read it, see docs/flags.md
    verdict TEXT, -- What the rule made of it
    confidence REAL NOT NULL, -- 0 to 1
    used INTEGER NOT NULL CHECK (used IN (0, 1)), -- 1: the verdict of the record rests on it
    reason TEXT, -- Why it was not used
    origin TEXT, -- Further format it stood in, or the page with the day on which it was read; empty: the record itself
    PRIMARY KEY (record, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE issues ( -- Values that could not be normalised; the values themselves are kept
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    seq INTEGER NOT NULL, -- Order within the record
    element TEXT NOT NULL, -- Element; empty for the record as a whole
    ordinal INTEGER NOT NULL, -- Which value of that element, from 1
    code TEXT NOT NULL, -- Stable code, see docs/issues.md
    detail TEXT NOT NULL, -- What was seen
    PRIMARY KEY (record, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_sets ( -- Sets that a record is a member of
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    set_spec TEXT NOT NULL, -- setSpec
    PRIMARY KEY (record, set_spec)
) STRICT, WITHOUT ROWID;

CREATE TABLE contexts ( -- Namespace declarations and encodings shared by many raw records
    id INTEGER PRIMARY KEY, -- Number
    declarations TEXT NOT NULL UNIQUE -- Namespace declarations that the record inherited from its page
) STRICT;

CREATE TABLE dictionaries ( -- What the raw records of a repository have in common, so that each can be kept small
    id INTEGER PRIMARY KEY, -- Number that a compressed record names in its frame
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository
    prefix TEXT NOT NULL, -- metadataPrefix
    body BLOB NOT NULL, -- Zstandard dictionary
    made_at TEXT NOT NULL -- When it was trained, UTC
) STRICT;

CREATE UNIQUE INDEX dictionaries_by_repository ON dictionaries (repository, prefix);

CREATE TABLE raw_records ( -- The record exactly as received, compressed, per metadata prefix
    id INTEGER PRIMARY KEY, -- Number
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    prefix TEXT NOT NULL, -- metadataPrefix it was received in
    digest BLOB NOT NULL, -- BLAKE2b-128 of the newest slice received, live or deleted
    content_digest BLOB NOT NULL, -- BLAKE2b-128 of its metadata alone: equal means that only the header moved
    context INTEGER REFERENCES contexts (id), -- Namespace declarations it needs
    body BLOB, -- Newest live version, Zstandard; empty when it was never seen live
    tombstone BLOB, -- Deleted header, Zstandard; empty while live
    notes TEXT, -- Repairs that were needed to read it, comma separated
    received_at TEXT NOT NULL -- When this version was received, UTC
) STRICT;

CREATE UNIQUE INDEX raw_records_by_record ON raw_records (record, prefix);

CREATE TABLE quarantine ( -- Bytes that could not be read as a record, with where and why
    id INTEGER PRIMARY KEY, -- Number
    repository TEXT NOT NULL REFERENCES repositories (id), -- Repository
    run INTEGER NOT NULL REFERENCES runs (id), -- Run that met it
    list INTEGER REFERENCES lists (id), -- List in which it stood
    prefix TEXT NOT NULL, -- metadataPrefix
    oai_identifier TEXT, -- Identifier, where one could be read
    place TEXT NOT NULL, -- Where it stood: page and position, or the request
    why TEXT NOT NULL, -- Stable code, see docs/issues.md
    detail TEXT NOT NULL, -- What is wrong, in words
    digest BLOB NOT NULL, -- BLAKE2b-128 of the bytes
    body BLOB NOT NULL, -- The bytes as received, Zstandard, at most one mebibyte of them
    first_seen_at TEXT NOT NULL, -- First met, UTC
    last_seen_at TEXT NOT NULL, -- Last met, UTC
    resolved_at TEXT -- When the record could be read after all, UTC
) STRICT;

CREATE UNIQUE INDEX quarantine_once ON quarantine (repository, prefix, digest);

CREATE TABLE seen ( -- Records met in a full list that is still being walked, forgotten at its end
    list INTEGER NOT NULL REFERENCES lists (id), -- List
    record INTEGER NOT NULL, -- Record
    PRIMARY KEY (list, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE flag_changes ( -- Changes of a verdict after the first harvest of a record
    id INTEGER PRIMARY KEY, -- Order of change
    record INTEGER NOT NULL REFERENCES records (id), -- Record
    run INTEGER REFERENCES runs (id), -- Run that brought it
    changed_at TEXT NOT NULL, -- When, UTC
    flag TEXT NOT NULL, -- license, access, is_open_access, is_cc_by_nc or embargo_end
    before TEXT, -- Old value
    after TEXT, -- New value
    why TEXT NOT NULL -- content, clock, rules, page, deleted or restored
) STRICT;

CREATE INDEX flag_changes_by_time ON flag_changes (changed_at);
CREATE INDEX flag_changes_by_record ON flag_changes (record);

CREATE VIEW live_records AS -- Records that are not deleted
SELECT * FROM records WHERE deleted = 0;

CREATE VIEW open_access AS -- Live records that are open access, by evidence
SELECT * FROM records WHERE deleted = 0 AND is_open_access = 1;

CREATE VIEW cc_by_nc AS -- Live records under CC BY-NC itself, whatever their access
SELECT * FROM records WHERE deleted = 0 AND is_cc_by_nc = 1;

CREATE VIEW cc_by_nc_open AS -- Live records under CC BY-NC that are open access
SELECT * FROM records WHERE deleted = 0 AND is_cc_by_nc = 1 AND is_open_access = 1;
