"""A consistent copy, also while another connection writes."""

import sqlite3
import threading

import pytest

from mirror_db.connection import open_reader, open_writer, transaction
from mirror_db.errors import MirrorMissing
from mirror_db.snapshot import copy, page_by_page, vacuum
from tests.mirror_db.site.known import make_known


@pytest.fixture
def mirror(tmp_path):
    """Give a known mirror of one's own."""
    return make_known(tmp_path / "mirror.db")


def tables(path):
    """Give the rows of every table, leases and the like apart."""
    conn = sqlite3.connect(path)
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        name: conn.execute(f'SELECT * FROM "{name}"').fetchall()
        for name in names
        if name not in {"seen", "runs", "leases"}
    }


@pytest.mark.parametrize("way", [copy, vacuum, page_by_page])
def test_a_copy_holds_the_same_rows(mirror, tmp_path, way):
    """Every table, whether the mirror can be written or not, and it is a mirror of the same version."""
    way(mirror, tmp_path / "copy.db")
    assert tables(tmp_path / "copy.db") == tables(mirror)
    assert open_reader(tmp_path / "copy.db").execute("SELECT count(*) FROM records").fetchone() == (12,)


def test_a_copy_needs_no_log_beside_it(mirror, tmp_path):
    """It can be opened on a read-only disk."""
    copy(mirror, tmp_path / "copy.db")
    conn = sqlite3.connect(f"file:{tmp_path}/copy.db?mode=ro&immutable=1", uri=True)
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not list(tmp_path.glob("copy.db-*"))


def test_what_only_this_machine_needs_stays_behind(mirror, tmp_path):
    """No host name, no process number, no half-walked list, no message of the daemon is published."""
    with transaction(open_writer(mirror)) as conn:
        conn.execute("UPDATE runs SET holder = 'host:1'")
        conn.execute(
            "INSERT INTO leases VALUES ('alpha', 'host:1', 1, 'host', '0', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z')"
        )
        conn.execute(
            "INSERT INTO alerts (way, message, made_at, not_before) VALUES ('mail', '{}', '2026-11-23', '2026-11-23')"
        )
    copy(mirror, tmp_path / "copy.db")
    held = sqlite3.connect(tmp_path / "copy.db")
    counts = "SELECT (SELECT count(*) FROM leases), (SELECT count(*) FROM seen), (SELECT count(holder) FROM runs), (SELECT count(*) FROM alerts)"
    assert held.execute(counts).fetchone() == (0, 0, 0, 0)


def test_a_copy_is_one_state_while_another_writes(mirror, tmp_path):
    """A transaction is in the copy whole or not at all."""
    writer = open_writer(mirror)
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with transaction(writer):
                writer.execute("UPDATE records SET citation = ?", (str(number),))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for turn in range(5):
            copy(mirror, tmp_path / f"{turn}.db")
    finally:
        stop.set()
        thread.join()
    for turn in range(5):
        held = sqlite3.connect(tmp_path / f"{turn}.db")
        assert held.execute("SELECT count(DISTINCT citation) <= 1 FROM records").fetchone() == (1,)
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_is_copied_from_nothing(tmp_path):
    """A mirror that is not there is no empty copy."""
    with pytest.raises(MirrorMissing):
        copy(tmp_path / "none.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
