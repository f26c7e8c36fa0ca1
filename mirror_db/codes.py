"""The one list of codes: issues of records, warnings of runs, reasons of the quarantine, each with a sentence and an example.

Codes are stable: users query and count them. A new one is added here, and `docs/issues.md` is a rendering of this list.
"""

from typing import NamedTuple


class Code(NamedTuple):
    """What a code says. `severity` is note (nothing is wrong), mended (read after a repair) or lost (not understood)."""

    severity: str
    sentence: str
    example: str


ISSUES: dict[str, Code] = {
    # text
    "empty": Code("note", "The element is there, but holds nothing.", "<dc:subject/>"),
    "placeholder": Code("note", "The value stands for nothing.", "N/A"),
    "control_characters": Code(
        "mended", "Characters that no text has were taken out.", "a line feed of another system, U+0085"
    ),
    "replacement_char": Code(
        "lost",
        "Characters were lost before the harvest; the sign for it was kept.",
        "4.0 International\ufffd(CC BY-NC 4.0)",
    ),
    "mojibake_fixed": Code(
        "mended",
        "Text that was decoded wrongly before the harvest was decoded again.",
        "UniversitÃ© read as Université",
    ),
    "value_long": Code(
        "mended",
        "A value longer than a million characters was cut; the raw record is whole.",
        "a full text in dc:description",
    ),
    # record
    "no_metadata": Code(
        "lost", "The record is not deleted and came without metadata.", "<record><header>…</header></record>"
    ),
    "namespace_odd": Code(
        "mended", "Dublin Core elements stood in another namespace or in none.", "<title> without a namespace"
    ),
    "root_odd": Code(
        "mended", "Dublin Core elements stood deeper in the record, or beside its root.", "<metadata><dc:title>"
    ),
    # dates
    "date_invalid": Code(
        "lost", "The value is no date that exists, or lies far in the future or before 1400.", "2015-02-31"
    ),
    "date_none": Code("note", "The value says that there is no date.", "undated"),
    "date_ambiguous": Code("lost", "Day and month cannot be told apart; only the year was kept.", "03/04/2011"),
    "date_only_timestamp": Code(
        "note", "The publication date is a time stamp of the software, for there is no other.", "2014-12-24T16:24:27Z"
    ),
    # identifiers
    "doi_truncated": Code("lost", "A DOI breaks off.", "10.1016/"),
    "doi_several": Code(
        "lost", "Several DOIs could be the record's own; none was chosen.", "10.5061/dryad.1 and 10.1111/jeb.2"
    ),
    "handle_default_prefix": Code(
        "note", "The handle has the prefix of an unregistered DSpace and resolves nowhere.", "123456789/8007"
    ),
    "urn_doubled": Code("mended", "A URN began with urn: twice.", "urn:urn:nbn:de:0183-mbi0002519"),
    "issn_check": Code("lost", "An ISSN has a wrong check digit; nothing is repaired.", "2228-9636"),
    "issn_length": Code("lost", "An ISSN has too few or too many digits; nothing is repaired.", "049-4637"),
    "isbn_check": Code("lost", "An ISBN has a wrong check digit.", "ISBN 9780306407530"),
    "orcid_invalid": Code("lost", "An ORCID iD is not one; it stays in the name.", "ORCID: 123123123123"),
    # people, languages, types, publisher
    "creator_split": Code("mended", "One value names several people.", "Hartley C, Penlington C"),
    "creator_long": Code(
        "lost", "A name is longer than 5,000 characters; its beginning was kept.", "a whole abstract in dc:creator"
    ),
    "lang_unknown": Code("lost", "The language is not understood; nothing is guessed.", "GE"),
    "type_unmapped": Code("lost", "The type is in no vocabulary that the mirror knows.", "oneyear"),
    "publisher_is_repository": Code(
        "note", "The publisher is the repository itself.", "dc:publisher LSHTM Research Online"
    ),
    # rights
    "cc_unspecified": Code("lost", "Creative Commons is named, but not which licence.", "Creative Commons License"),
    "cc_impossible": Code(
        "lost",
        "The licence does not exist: ND and SA exclude each other.",
        "http://creativecommons.org/licenses/by-nd-sa/4.0/",
    ),
    "unknown_port": Code(
        "mended",
        "That version of the licence was never ported to the jurisdiction, which was dropped.",
        "https://creativecommons.org/licenses/by-nc/4.0/es/",
    ),
    "unknown_license_url": Code("lost", "An address of a licence is in no table.", "https://example.org/terms-of-use"),
    "nc_proviso": Code(
        "note",
        "Non-commercial words stand beside a licence that allows commercial use; the licence stays.",
        "CC BY for non-commercial purposes",
    ),
    "license_conflict": Code(
        "note", "The record states different licences; the least open was taken.", "CC BY beside …/by-nc/4.0/"
    ),
}

WARNINGS: dict[str, Code] = {
    # what was mended on a page
    "junk": Code("mended", "Characters before or after the document were left out.", "a PHP notice before <?xml"),
    "markup": Code("mended", "Comments or namespaces were not written as XML wants them.", "<!-- a -- b -->"),
    "xml_declaration": Code(
        "mended", "The document holds further XML declarations.", '<?xml version="1.0"?> before each record'
    ),
    "control_characters": Code("mended", "Characters that XML forbids were taken out of a page.", "U+0001 in a title"),
    "ampersands": Code("mended", "Bare ampersands or undefined entities were escaped.", "AT&T, &nbsp;"),
    "prefix_unbound": Code(
        "mended", "A namespace prefix was used without a declaration.", "<oai_dc:dc> without xmlns:oai_dc"
    ),
    "wrong_encoding": Code(
        "mended", "The page is not in the encoding that it declares.", "declared utf-8, read as cp1252"
    ),
    "namespace": Code(
        "mended",
        "The document is in another namespace than that of OAI-PMH 2.0, or in none.",
        "http://www.openarchives.org/OAI/1.1/",
    ),
    "record_by_record": Code(
        "mended",
        "Single records of the page are not well formed; the others were read.",
        "one record with an unclosed element",
    ),
    "lists": Code(
        "mended", "The document holds several list elements; their records were put together.", "two ListRecords"
    ),
    "length_wrong": Code(
        "mended", "The connection broke off behind the end of the document.", "a Content-Length that is too long"
    ),
    "encoding_wrong": Code(
        "mended", "The answer is labelled with an encoding that it is not in.", "gzip on plain text"
    ),
    "encoding_unlabelled": Code(
        "mended", "The answer is compressed without saying so.", "gzip without Content-Encoding"
    ),
    "identity_encoding": Code(
        "mended",
        "Compressed answers cannot be read; from now on uncompressed ones are asked for.",
        "a gzip stream that breaks off",
    ),
    "lost": Code("lost", "Part of a page could not be saved by any repair.", "a record without an end"),
    # what the server did
    "asked_again": Code(
        "note", "A page was asked for again in another way.", "noRecordsMatch to a token, asked with the prefix added"
    ),
    "asked_in_halves": Code(
        "note",
        "A list ended with less than announced, or moved while it was paged, and was asked for again in two halves.",
        "900 of 1,000 records",
    ),
    "from_refused": Code(
        "note",
        "The server refuses a from that it must take; everything was listed instead.",
        "badArgument to from=2026-11-01",
    ),
    "identify_mismatch": Code(
        "note",
        "Identify states another base URL or another version than the server has.",
        "baseURL http://localhost:8080/oai",
    ),
    "datestamps_unreliable": Code(
        "note",
        "Records change without a new datestamp: from now on every harvest lists everything and compares.",
        "two of 400 records changed under their old datestamps",
    ),
    "silent_change": Code(
        "note",
        "Records changed without a new datestamp: an incremental harvest would not have met them.",
        "a licence corrected by a script",
    ),
    "size_ignored": Code(
        "note",
        "The announced size differs from what came, and is known to be wrong here.",
        "completeListSize 1000 on every page",
    ),
    "size_unreliable": Code(
        "note", "The announced size of a list is not to be trusted.", "a size that shrinks from page to page"
    ),
    "window_ignored": Code(
        "note",
        "The server ignores from and until; everything is listed and compared.",
        "records of 2010 in a list from 2026",
    ),
    "clock_back": Code(
        "note",
        "The server's clock went back behind the last list; everything was listed.",
        "a machine restored from an older state",
    ),
    "still_given": Code(
        "lost",
        "Records that a full list no longer shows, but that the server still gives one by one; they were kept.",
        "2 of 100 records are not listed any more, but the server still gives 1 of them",
    ),
    "deletion_brake": Code(
        "lost",
        "A full list would retire more records than the brake allows; none was retired.",
        "90 of 100 records are missing",
    ),
    "identify_broken": Code("lost", "Identify could not be read.", "an HTML page instead of Identify"),
    "list_broken": Code(
        "lost", "A list ended in an error and was cut into smaller ones.", "the server errs on one month"
    ),
    "live_and_deleted": Code("note", "A page lists one record both live and deleted.", "oai:example.org:1 twice"),
    "format_incomplete": Code(
        "lost", "A further format could not be listed to its end; the records are complete without it.", "rioxx: 503"
    ),
    "format_not_offered": Code("note", "A configured further format is not offered.", 'prefixes = ["rioxx"]'),
    "misleading_context": Code(
        "lost",
        "The base URL is a context that rewrites what records say of rights.",
        "https://example.org/oai/openaire",
    ),
    "moved": Code("note", "The server redirects to another base URL for good: configure that address.", "301 to https"),
    "resumed": Code("note", "The run goes on with a list that an earlier run left unfinished.", "after a kill"),
    "set_gone": Code("note", "A set is not listed any more.", "a renamed collection"),
    "set_unknown": Code("lost", "A configured set is not listed by the server.", 'sets = ["open-acess"]'),
    "sets_broken": Code("lost", "ListSets could not be read to its end.", "an HTML page instead of ListSets"),
    "token_lost": Code("note", "The server forgot a resumption token; the list was begun again.", "badResumptionToken"),
}

QUARANTINE: dict[str, Code] = {
    "no_header": Code("lost", "The record has no header.", "<record><metadata>…</metadata></record>"),
    "no_identifier": Code("lost", "The header has no identifier.", "<identifier/>"),
    "not_well_formed": Code("lost", "The record is not well-formed XML, the page around it is.", "<dc:title>A & B"),
    "too_large": Code(
        "lost", "The record alone is larger than 16 MB; its beginning is kept.", "a METS record with its files inside"
    ),
    "unreadable": Code(
        "lost", "Reading the record failed; please report it with the raw bytes.", "a fault of this program"
    ),
    "not_delivered": Code("lost", "The server lists the record but does not deliver it.", "GetRecord answers 500"),
    "denied": Code("lost", "The server lists the record, and says that there is none.", "GetRecord: idDoesNotExist"),
}
