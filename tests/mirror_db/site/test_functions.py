"""The raw record and its Dublin Core, from SQL."""

import json
from xml.etree import ElementTree

import pytest

from mirror_db.connection import open_reader
from mirror_db.site.functions import elements, register, stand_alone


@pytest.fixture
def ask(mirror):
    """Run a query with the functions at hand."""
    conn = open_reader(mirror)
    register(conn)
    return lambda query, *values: conn.execute(query, values).fetchone()[0]


def test_the_raw_record_stands_alone(ask):
    """Namespace declarations that the record inherited from its page are written into it."""
    assert ElementTree.fromstring(ask("SELECT raw_record(1)")).tag == "{http://www.openarchives.org/OAI/2.0/}record"


def test_a_prefix_that_was_not_harvested_gives_nothing(ask):
    """raw_record(id, prefix) looks at that prefix alone."""
    assert ask("SELECT raw_record(1, 'mods')") is None
    assert ask("SELECT raw_record(1, 'oai_dc')") == ask("SELECT raw_record(1)")


def test_a_tombstone_is_given_where_no_live_record_was_seen(ask):
    """A record that was only ever seen deleted shows its deleted header."""
    assert ask("SELECT raw_record(8)").startswith("<record")


def test_a_record_that_is_not_there_gives_nothing(ask):
    """An unknown number is no error."""
    assert ask("SELECT raw_record(999)") is None
    assert ask("SELECT dublin_core(999)") is None


def test_dublin_core_is_json_in_order(ask):
    """Elements come as lists of their values."""
    assert json.loads(ask("SELECT dublin_core(1)")) == {"title": ["Rivers of the north"], "rights": ["<b>"]}


def test_functions_work_row_by_row(ask):
    """A function may look up the mirror while a query runs over it."""
    assert ask("SELECT count(raw_record(id)) FROM records") == 12


def test_own_declarations_are_not_repeated():
    """A declaration that the record makes itself wins over the inherited one."""
    text = stand_alone('<a xmlns:dc="u:own"/>', 'xmlns="u:page" xmlns:dc="u:page"')
    assert text == '<a xmlns="u:page" xmlns:dc="u:own"/>'


@pytest.mark.parametrize("text", ["<a", "", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<a>&undefined;</a>"])
def test_what_does_not_parse_gives_nothing(text):
    """Broken XML and document types are no error and no answer."""
    assert elements(text) is None
