"""Frames of raw records: what goes in comes out, whichever thread asks."""

from concurrent.futures import ThreadPoolExecutor

from mirror_db.raw import pack, unpack

_BODY = b"<record><header><identifier>oai:x:1</identifier></header></record>" * 50


def test_a_frame_gives_back_the_bytes_it_was_made_of() -> None:
    """Packing loses nothing and makes repetitive XML smaller."""
    frame = pack(_BODY)
    assert (unpack(frame), unpack(pack(b"")), len(frame) < len(_BODY)) == (_BODY, b"", True)


def test_threads_may_pack_at_the_same_time() -> None:
    """Every thread has its own compressor: repositories that are read side by side do not crash the process."""
    bodies = [_BODY + str(number).encode() for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda body: unpack(pack(body)), bodies)) == bodies
