"""What the mirror holds of one record: immutable rows, in the order of the tables' columns.

Every class is a plain named tuple, so that it crosses to another process with `marshal` and
goes to `executemany` as it stands. `element` is the qualified name of the place a value was
read from (`dc:rights`, `dcterms:accessRights`, `setSpec`), `ordinal` counts values of that
element in the record from 1, in document order; 0 means the record as a whole.
"""

from typing import NamedTuple


class Creator(NamedTuple):
    """One person or organisation, in order; `role` is creator or contributor."""

    element: str
    ordinal: int
    role: str
    name: str  # as shown: cleaned text of this one name
    family: str | None
    given: str | None
    suffix: str | None
    dates: str | None  # years of life as printed, e.g. 1932-
    kind: str  # person / organisation / unknown
    orcid: str | None  # 0000-0002-1825-0097
    match_key: str | None  # folded family + first initial, for grouping only
    value: str  # the raw value it came from


class Subject(NamedTuple):
    """One subject term, in order."""

    element: str
    ordinal: int
    scheme: str | None  # ddc, lcc, lcsh, msc, jacs, udc, jel ...
    code: str | None
    label: str
    value: str


class Identifier(NamedTuple):
    """One identifier; several may come out of one raw value."""

    element: str
    ordinal: int
    scheme: str  # doi handle urn issn isbn pmid pmcid arxiv orcid oai url funding other
    identifier: str  # canonical form; the raw text when it is not valid
    role: str  # self version_of_record related journal file landing part funding other
    qualifier: str | None  # print / electronic for an ISSN
    url: str | None
    valid: int  # 1 or 0
    value: str


class DateValue(NamedTuple):
    """One date; `edtf` is None where the value could not be read."""

    element: str
    ordinal: int
    role: str  # issued accessioned available accepted submitted embargo_end created updated unknown
    edtf: str | None  # EDTF level 1 text: 2012-05, 1998~, 1940/1949
    date_min: str | None  # YYYY-MM-DD, first day covered
    date_max: str | None  # YYYY-MM-DD, last day covered
    precision: str | None  # year month day range timestamp
    value: str


class Evidence(NamedTuple):
    """One value that a rule read, and what it said."""

    subject: str  # license / access / embargo
    element: str
    ordinal: int
    value: str  # unchanged
    rule: str  # stable id of the rule, e.g. cc-url, eprints-code, info-eu-repo
    verdict: str | None  # the licence id, the access word or the date that it gave; None: nothing
    confidence: float  # 0..1
    used: int  # 1: the record's verdict rests on it
    reason: str | None  # why it was not used, in words
    origin: str | None = None  # the further format, or the page and the day it was read; None: the record itself


class Issue(NamedTuple):
    """A value that could not be normalised; the value itself is kept elsewhere."""

    element: str
    ordinal: int
    code: str  # one of mirror_db.codes.ISSUES
    detail: str


class Fields(NamedTuple):
    """The columns of `records` that come from the record itself, in their order."""

    title: str | None = None
    creators: str | None = None
    subjects: str | None = None
    publisher: str | None = None
    container: str | None = None  # the journal or book as readable text
    container_volume: str | None = None
    container_issue: str | None = None
    first_page: str | None = None
    last_page: str | None = None
    citation: str | None = None
    source_text: str | None = None
    issued: str | None = None  # EDTF text
    year: int | None = None
    type: str | None = None  # COAR label, e.g. journal article
    type_uri: str | None = None
    language: str | None = None  # BCP 47
    language_iso639_3: str | None = None
    version: str | None = None  # AO SMUR AM P VoR CVoR EVoR NA
    peer_reviewed: int | None = None  # 1, or None for not stated
    doi: str | None = None  # lower case; only when one is certain
    landing_url: str | None = None
    file_url: str | None = None
    license: str | None = None  # SPDX-like id, None: no licence stated
    spdx_id: str | None = None
    license_url: str | None = None
    license_family: str | None = None
    license_version: str | None = None
    license_version_hint: str | None = None
    license_jurisdiction: str | None = None
    license_start: str | None = None
    licenses_all: str | None = None  # JSON array of every surviving candidate
    next_license: str | None = None
    next_license_start: str | None = None
    access: str = "unknown"  # open embargoed restricted metadata-only unknown
    access_uri: str | None = None
    embargo_end: str | None = None  # YYYY-MM-DD, the first open day
    is_open_access: int = 0
    is_cc_by_nc: int = 0
    is_nc_family: int = 0
    has_nc_terms: int = 0
    license_conflict: int = 0
    access_conflict: int = 0
    partial_open: int = 0
    has_fulltext_link: int = 0
    oa_route: str | None = None  # licensed free-to-read embargo-elapsed set
    license_confidence: float | None = None
    access_confidence: float | None = None
    next_change_on: str | None = None  # the day on which the clock alone may change the verdict
    evaluated_on: str | None = None  # the day taken as today
    rules_version: str | None = None
    description: str | None = None  # last: long text stays behind the columns that are scanned


class MirrorRecord(NamedTuple):
    """One record as the mirror keeps it: what `reading` gives and `commit` takes."""

    oai_identifier: str
    datestamp: str | None  # UTC, 2026-11-23 or 2026-11-23T08:34:00Z
    deleted: int
    sets: tuple[str, ...]
    fields: Fields
    creators: tuple[Creator, ...] = ()
    subjects: tuple[Subject, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    dates: tuple[DateValue, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    issues: tuple[Issue, ...] = ()
