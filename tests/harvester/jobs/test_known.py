"""What a mirror knows of repositories before a harvest."""

import sqlite3
from contextlib import closing

import pytest

from harvester.config import load, select
from harvester.jobs.known import claimed, known_repositories, profile_held
from mirror_db.connection import open_writer
from mirror_db.errors import NotAMirror


def test_a_mirror_tells_the_base_urls_it_holds(tmp_path):
    """Base URLs come by id."""
    with closing(open_writer(tmp_path / "m.db")) as conn:
        conn.execute("INSERT INTO repositories (id, name, base_url) VALUES ('a', 'A', 'https://a.example/oai')")
    assert known_repositories(tmp_path / "m.db") == {"a": "https://a.example/oai"}


def test_a_mirror_whose_making_was_cut_short_knows_nothing(tmp_path):
    """A file that is missing, of no length, or a database without a table is begun anew, not refused."""
    (tmp_path / "nothing.db").touch()
    with closing(sqlite3.connect(tmp_path / "begun.db")) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
    names = ("missing.db", "nothing.db", "begun.db")
    assert [known_repositories(tmp_path / name) for name in names] == [{}, {}, {}]
    for name in names:
        open_writer(tmp_path / name).close()


def test_q48_a_name_that_another_process_took_meanwhile_is_left_to_it(tmp_path):
    """Two commands made the same name of two addresses of one host: the second to write gets another, and keeps it."""
    settings = load(environ={}, folder=tmp_path).settings
    one, two = ("http://127.0.0.1:8001/oai", "http://127.0.0.1:8002/oai")
    read = [select(settings, [url])[0] for url in (one, two)]
    assert len({source.id for source in read}) == 1
    with closing(open_writer(tmp_path / "m.db")) as conn:
        ids = [claimed(conn, settings, [source])[0].id for source in (*read, *read)]
    known = known_repositories(tmp_path / "m.db")
    assert [known[name] for name in ids] == [one, two, one, two]
    assert select(settings, [two], known=known)[0].id == ids[1]


def test_another_database_is_refused(tmp_path):
    """A foreign file is named as such."""
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as conn:
        conn.execute("CREATE TABLE letters (text)")
    with pytest.raises(NotAMirror, match="is a database, but not a mirror"):
        known_repositories(tmp_path / "foreign.db")


def test_a_repository_given_by_its_address_is_read_again_as_it_was_harvested(tmp_path):
    """What a reading without the network agrees with a repository is what its harvest agreed."""
    settings = load(None, environ={}).settings
    (source,) = select(settings, ["https://a.example/oai"])
    with closing(open_writer(tmp_path / "m.db")) as conn:
        (source,) = claimed(conn, settings, [source])
        assert profile_held(conn, settings, source.id) == source.profile
