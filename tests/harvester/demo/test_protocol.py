"""The bundled provider answers every verb, and every mistake with the error that OAI-PMH 2.0 asks for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from harvester.demo.document import document
from harvester.demo.model import DAY, Record, Repository, SetEntry
from harvester.demo.protocol import answer

NOW = datetime(2026, 11, 24, 8, 34, tzinfo=UTC)
DC = "<dc/>"
RECORDS = tuple(
    Record(f"oai:x:{n}", f"2024-0{n}-10T12:00:0{n}Z", ("a:b",) if n % 2 else ("c",), {"oai_dc": DC}, n == 4)
    for n in range(1, 6)
)
HOLDS = Repository("X", "http://x.example/oai", RECORDS, (SetEntry("a", "A"), SetEntry("a:b", "B"), SetEntry("c", "C")))
LIST = (("verb", "ListRecords"), ("metadataPrefix", "oai_dc"))


def identifiers(params, repository=HOLDS, now=NOW):
    return [record.identifier[-1] for record in answer(repository, params, now).records]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ((), "badVerb"),
        ((("verb", "Guess"),), "badVerb"),
        ((("verb", "Identify"), ("verb", "Identify")), "badVerb"),
        ((("verb", "Identify"), ("set", "a")), "badArgument"),
        ((("verb", "ListRecords"),), "badArgument"),
        ((*LIST, ("metadataPrefix", "oai_dc")), "badArgument"),
        ((*LIST, ("resumptionToken", "t")), "badArgument"),
        ((*LIST, ("from", "2024-13-01")), "badArgument"),
        ((*LIST, ("from", "24-01-01")), "badArgument"),
        ((*LIST, ("from", "2024-01-01"), ("until", "2024-02-01T00:00:00Z")), "badArgument"),
        ((*LIST, ("from", "2024-02-01"), ("until", "2024-01-01")), "badArgument"),
        ((*LIST, ("from", "2025-01-01")), "noRecordsMatch"),
        ((*LIST, ("set", "nobody")), "noRecordsMatch"),
        ((("verb", "ListRecords"), ("metadataPrefix", "marc")), "cannotDisseminateFormat"),
        ((("verb", "ListRecords"), ("resumptionToken", "garbage")), "badResumptionToken"),
        ((("verb", "ListSets"), ("resumptionToken", "garbage")), "badResumptionToken"),
        ((("verb", "GetRecord"), ("identifier", "oai:x:9"), ("metadataPrefix", "oai_dc")), "idDoesNotExist"),
        ((("verb", "GetRecord"), ("identifier", "oai:x:1"), ("metadataPrefix", "marc")), "cannotDisseminateFormat"),
        ((("verb", "ListMetadataFormats"), ("identifier", "oai:x:9")), "idDoesNotExist"),
    ],
)
def test_a_mistake_gets_its_error(params, code):
    """Each of the mistakes of section 3.6 is answered with its code and nothing else."""
    assert [error.code for error in answer(HOLDS, params, NOW).errors] == [code]


def test_a_repository_without_sets_says_so():
    """ListSets and a set argument get noSetHierarchy where there are none."""
    plain = replace(HOLDS, sets=())
    asked = ((("verb", "ListSets"),), (*LIST, ("set", "a")))
    assert [answer(plain, params, NOW).errors[0].code for params in asked] == ["noSetHierarchy"] * 2


def test_an_item_without_formats_says_so():
    """ListMetadataFormats for an item that can be had in none gets noMetadataFormats."""
    held = replace(HOLDS, records=(RECORDS[0]._replace(metadata={}),))
    got = answer(held, (("verb", "ListMetadataFormats"), ("identifier", "oai:x:1")), NOW)
    assert [error.code for error in got.errors] == ["noMetadataFormats"]


def test_both_ends_of_a_window_belong_to_it():
    """from and until are inclusive, at both granularities; a day as until means the whole day (Q4)."""
    days = identifiers((*LIST, ("from", "2024-02-10"), ("until", "2024-03-10")))
    seconds = identifiers((*LIST, ("from", "2024-02-10T12:00:02Z"), ("until", "2024-03-10T12:00:03Z")))
    assert (days, seconds) == (["2", "3"], ["2", "3"])


def test_a_repository_of_days_refuses_seconds():
    """At day granularity datestamps are days and an argument with a time is a badArgument (Q1)."""
    daily = replace(HOLDS, granularity=DAY)
    refused = answer(daily, (*LIST, ("from", "2024-02-10T12:00:02Z")), NOW)
    shown = document(answer(daily, (("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc")), NOW))
    assert [error.code for error in refused.errors] == ["badArgument"]
    assert "<datestamp>2024-01-10</datestamp>" in shown


def test_a_set_holds_the_sets_below_it():
    """Records of `a:b` are members of `a` (section 2.6)."""
    assert identifiers((*LIST, ("set", "a"))) == ["1", "3", "5"]


def test_deleted_records_are_listed_unless_the_repository_keeps_none():
    """`deletedRecord` no means that an item that is gone is unknown."""
    forgetful = replace(HOLDS, deleted_record="no")
    gone = (("verb", "GetRecord"), ("identifier", "oai:x:4"), ("metadataPrefix", "oai_dc"))
    assert identifiers(LIST) == ["1", "2", "3", "4", "5"]
    assert identifiers(LIST, forgetful) == ["1", "2", "3", "5"]
    assert [error.code for error in answer(forgetful, gone, NOW).errors] == ["idDoesNotExist"]


def walk(repository):
    """Follow the tokens of a list; gives the pages and the tokens."""
    params, pages, tokens = LIST, [], []
    while True:
        got = answer(repository, params, NOW)
        pages.append([record.identifier[-1] for record in got.records])
        tokens.append(got.token)
        if got.token is None or not got.token.value:
            return pages, tokens
        params = (("verb", "ListRecords"), ("resumptionToken", got.token.value))


def test_tokens_lead_to_the_end_of_the_list():
    """Pages are bounded; the last carries an empty token with the cursor, a list of one page carries none."""
    pages, tokens = walk(replace(HOLDS, page_size=2))
    assert pages == [["1", "2"], ["3", "4"], ["5"]]
    assert [(token.value != "", token.cursor, token.complete_list_size) for token in tokens] == [
        (True, "0", "5"),
        (True, "2", "5"),
        (False, "4", "5"),
    ]
    assert walk(HOLDS) == ([["1", "2", "3", "4", "5"]], [None])


def test_a_token_expires():
    """An opaque token is refused when its lifetime is over (Q11)."""
    small = replace(HOLDS, page_size=2)
    token = answer(small, LIST, NOW).token.value
    asked = (("verb", "ListRecords"), ("resumptionToken", token))
    assert identifiers(asked, small, NOW + timedelta(hours=1)) == ["3", "4"]
    late = answer(small, asked, NOW + timedelta(hours=1, seconds=1))
    assert [error.code for error in late.errors] == ["badResumptionToken"]


def test_the_document_tells_the_request_back():
    """Arguments stand as attributes of the request unless they were the mistake (section 3.2)."""
    good = etree.fromstring(document(answer(HOLDS, LIST, NOW)).encode())[1]
    bad = etree.fromstring(document(answer(HOLDS, (("verb", "<&>"),), NOW)).encode())[1]
    assert (dict(good.attrib), good.text) == (dict(LIST), HOLDS.base_url)
    assert (dict(bad.attrib), bad.text) == ({}, HOLDS.base_url)
