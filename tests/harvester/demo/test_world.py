"""The demo's records: always the same, well formed, and varied enough to show what the project is for."""

import re
from collections import Counter
from datetime import date

import pytest
from lxml import etree

from harvester.demo import world
from harvester.demo.items import ahead
from harvester.demo.manners import dspace, eprints, newcastle

TODAY = date(2026, 11, 24)
MANNERS = (newcastle, eprints, dspace)


def records(today=TODAY):
    return [record for held in world.repositories("http://127.0.0.1:1", today) for record in held.records]


def test_the_same_day_makes_the_same_records():
    """Nothing in the records is left to chance; another day moves embargoes and nothing else."""
    mask = re.compile(r"20\d\d-\d\d-01")
    other = [str(record) for record in records(date(2031, 2, 3))]
    assert records() == records()
    assert [mask.sub("", str(record)) for record in records()] == [mask.sub("", text) for text in other]


def test_there_are_about_four_hundred():
    """Identifiers are unique, some records are deleted, none of the datestamps lies ahead of the project's start."""
    held = records()
    assert 380 <= len(held) <= 420
    assert len({record.identifier for record in held}) == len(held)
    assert 15 <= sum(record.deleted for record in held) <= 30
    assert max(record.datestamp for record in held) < "2026"


def test_every_metadata_element_is_well_formed():
    """Each format of each record is XML, whatever stands in its title."""
    for record in records():
        for text in record.metadata.values():
            etree.fromstring(f'<m xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{text}</m>')


def test_dois_are_unique_and_their_prefix_is_nobodys():
    """All invented DOIs carry the prefix that is set aside for examples; only the item of the brief has a real one."""
    dois = [item.doi for manner in MANNERS for item in manner.everything(TODAY) if item.doi]
    assert [doi for doi in dois if not doi.startswith("10.5555/")] == ["10.1177/20494637231208"]
    assert len(set(dois)) == len(dois)


def test_many_languages_and_statements_are_there():
    """At least ten languages, and every statement of the data file is used by a live item."""
    items = [(manner.__name__, item) for manner in MANNERS for item in manner.everything(TODAY) if not item.deleted]
    assert len({item.language for _, item in items}) >= 10
    used = Counter(name for name, _ in {(name, item.statement) for name, item in items})
    assert {name.rpartition(".")[2]: count for name, count in used.items()} == {
        "newcastle": 16,
        "eprints": 15,
        "dspace": 21,
    }


@pytest.mark.parametrize(
    ("months", "day"), [(14, date(2028, 1, 1)), (-9, date(2026, 2, 1)), (1, date(2026, 12, 1)), (2, date(2027, 1, 1))]
)
def test_ahead_counts_months(months, day):
    """The first of a month so many months from now, over the turn of a year."""
    assert ahead(TODAY, months) == day
