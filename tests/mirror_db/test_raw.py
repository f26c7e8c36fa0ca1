"""Raw records on disk: what goes in comes out, with a dictionary and without, whichever thread asks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from mirror_db.connection import open_writer
from mirror_db.entries import Batch, Entry, Raw
from mirror_db.model import Fields, MirrorRecord
from mirror_db.raw import SAMPLES, Opener, Packer, pack, unpack

_NOW = "2026-11-23T08:34:00Z"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator:
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        opened.execute("INSERT INTO repositories (id, name, base_url) VALUES ('a', 'A', 'https://a.example/oai')")
        yield opened


def _body(number: int) -> bytes:
    words = " ".join(f"word{number * n % 977}" for n in range(1, 60))
    return f"<record><header><identifier>oai:a:{number}</identifier></header>{words}</record>".encode()


def _batch(numbers: range) -> Batch:
    records = [MirrorRecord(f"oai:a:{n}", None, 0, (), Fields()) for n in numbers]
    raws = [Raw("oai_dc", b"", b"", "", _body(n), None) for n in numbers]
    return Batch("a", 1, "oai_dc", tuple(map(Entry, records, raws)))


def _frames(batch: Batch) -> list[bytes]:
    return [entry.raw.body or b"" for entry in batch.entries]


def test_a_frame_gives_back_the_bytes_it_was_made_of() -> None:
    """Packing loses nothing and makes repetitive XML smaller."""
    body = _body(1) * 50
    assert (unpack(pack(body)), unpack(pack(b"")), len(pack(body)) < len(body)) == (body, b"", True)


def test_threads_may_pack_at_the_same_time() -> None:
    """Every thread has its own compressor: repositories that are read side by side do not crash the process."""
    bodies = [_body(number) * 20 for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda body: unpack(pack(body)), bodies)) == bodies


def test_a_repository_gets_a_dictionary_once_enough_records_have_come(conn) -> None:
    """The first records are plain frames, the later ones name the dictionary; all of them open."""
    packer = Packer(conn)
    first = _frames(packer.packed(_batch(range(SAMPLES)), now=_NOW))
    later = _frames(packer.packed(_batch(range(SAMPLES, SAMPLES + 50)), now=_NOW))
    kept = conn.execute("SELECT id, repository, prefix, made_at FROM dictionaries").fetchall()
    assert kept == [(32_769, "a", "oai_dc", _NOW)]
    assert {zstandard.get_frame_parameters(frame).dict_id for frame in first} == {0}
    assert {zstandard.get_frame_parameters(frame).dict_id for frame in later} == {32_769}
    opener = Opener(conn)
    assert [opener.unpack(frame) for frame in first + later] == [_body(n) for n in range(SAMPLES + 50)]


def test_another_writer_uses_the_dictionary_that_is_there(conn) -> None:
    """A second process trains nothing and compresses its first record with what was learnt."""
    Packer(conn).packed(_batch(range(SAMPLES)), now=_NOW)
    (frame,) = _frames(Packer(conn).packed(_batch(range(7, 8)), now=_NOW))
    assert zstandard.get_frame_parameters(frame).dict_id == 32_769
    assert Opener(conn).unpack(frame) == _body(7)


def test_few_records_need_no_dictionary(conn) -> None:
    """A small repository has plain frames only."""
    Packer(conn).packed(_batch(range(SAMPLES - 1)), now=_NOW)
    assert conn.execute("SELECT count(*) FROM dictionaries").fetchone() == (0,)


def test_frames_are_left_as_they_are(conn) -> None:
    """What comes compressed is not compressed again."""
    batch = _batch(range(1))
    done = batch._replace(entries=(batch.entries[0]._replace(raw=batch.entries[0].raw._replace(body=pack(b"x"))),))
    assert Packer(conn).packed(done, now=_NOW) == done


def test_a_frame_without_its_dictionary_says_so(conn) -> None:
    """A mirror that lost its dictionary tells which one is missing."""
    packer = Packer(conn)
    packer.packed(_batch(range(SAMPLES)), now=_NOW)
    (frame,) = _frames(packer.packed(_batch(range(1)), now=_NOW))
    conn.execute("DELETE FROM dictionaries")
    with pytest.raises(KeyError, match="32769"):
        Opener(conn).unpack(frame)
