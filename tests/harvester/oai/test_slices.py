"""Hashes of slices: the same however long the slice is."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from harvester.oai.slices import content_digest, digest


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=9))
def test_a_long_slice_is_hashed_as_a_whole(size, piece):
    """Taking it piece by piece, below the size at which hashlib lets go of the interpreter's lock, changes nothing."""
    xml = (piece * (size // len(piece) + 1))[:size]
    assert digest(xml) == hashlib.blake2b(xml, digest_size=16).digest()


def test_the_content_of_a_record_is_hashed_without_its_header():
    """A new datestamp alone leaves it (Q47); a tombstone has the same for ever."""
    old, new, other = (
        b"<record><header>%s</header><metadata><a>%s</a></metadata></record>" % pair
        for pair in ((b"1", b"x"), (b"2", b"x"), (b"2", b"y"))
    )
    same = {content_digest(one, deleted=False) for one in (old, new)}
    assert (len(same), content_digest(other, deleted=False) in same) == (1, False)
    assert content_digest(old, deleted=True) == content_digest(other, deleted=True)
