"""What stands beside a record: witnesses, visits of its page, evidence of other origins, changes of its flags."""

import asyncio
import re

import pytest
from datasette.app import Datasette

from mirror_db.connection import open_writer, transaction
from tests.mirror_db.site.known import make_known

ROWS = (
    "INSERT INTO witnesses (witness, doi, found, is_open_access, route, license, url, answer, asked_at, expires_at) VALUES "
    "('unpaywall', '10.1000/four', 1, 1, 'green', 'CC-BY-4.0', 'javascript:alert(1)', x'00', '2026-11-20T08:00:00Z', '2026-12-20T08:00:00Z')",
    "INSERT INTO pages (record, url, outcome, detail, asked_at, next_at) VALUES "
    "(4, 'https://alpha.example/4', 'refused', '<b>another item</b>', '2026-11-21T08:00:00Z', '2026-12-21T08:00:00Z')",
    "UPDATE evidence SET origin = 'https://alpha.example/4 on 2026-11-21' WHERE record = 4",
    "INSERT INTO flag_changes (record, changed_at, flag, before, after, why) VALUES "
    "(4, '2026-11-23T09:00:00Z', 'is_open_access', '0', '1', 'clock')",
    "UPDATE records SET flags_changed_at = '2026-11-23T09:00:00Z', access = 'open', is_open_access = 1 WHERE id = 4",
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory, plugin):
    """Ask for a page of a mirror where record 4 became open and has all of these."""
    path = make_known(tmp_path_factory.mktemp("beside") / "mirror.db")
    with transaction(open_writer(path)) as conn:
        for statement in ROWS:
            conn.execute(statement)
    site = Datasette([str(path)])
    return lambda address: asyncio.run(site.client.get(address)).text


def words(html):
    """Give the text of a page with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_a_record_shows_what_was_asked_beside_it(ask):
    """Witnesses overwrite nothing; links are web addresses alone; markup is text."""
    text = words(ask("/record/4"))
    assert "Unpaywall holds it to be open (green), under CC-BY-4.0 (asked 20 November 2026)" in text
    assert (
        "Its page https://alpha.example/4: refused, &lt;b&gt;another item&lt;/b&gt; (visited 21 November 2026)" in text
    )
    assert "javascript:" not in text


def test_evidence_names_its_origin(ask):
    """A value that was read on the item's page says so."""
    assert "The 1st dc:rights, read in https://alpha.example/4 on 2026-11-21" in words(ask("/record/4"))


def test_changes_of_flags_are_told(ask):
    """What it was, what it is, and why."""
    assert "2026-11-23 09:00 UTC: is open access went from 0 to 1 (clock)" in words(ask("/record/4"))


def test_a_feed_brings_what_became_open_first(ask):
    """An old record that an embargo's end opened is news of the feed of open items."""
    feed = ask("/search.atom?open=1&repository=alpha")
    assert re.findall(r"<id>http://localhost/record/(\d+)</id>", feed) == ["4", "6", "5", "2", "1"]
    assert "<updated>2026-11-23T09:00:00Z</updated>" in feed
