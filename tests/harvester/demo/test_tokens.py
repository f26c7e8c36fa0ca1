"""Tokens in the manner of three platforms say where a list goes on, and nothing else is taken for one."""

from datetime import UTC, datetime

import pytest

from harvester.demo.tokens import DspaceTokens, EprintsTokens, OpaqueTokens, Place, Selection

NOW = datetime(2026, 11, 24, 8, 34, tzinfo=UTC)
PLACES = [
    Place(Selection("oai_dc"), 100),
    Place(Selection("oai_dc", "2024-01-01", "2024-02-01", "a:b&c=d"), 7),
]
KINDS = [OpaqueTokens(), EprintsTokens(), DspaceTokens()]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("tokens", KINDS)
def test_a_token_leads_back_to_its_place(tokens, place):
    """What is written is read again."""
    assert tokens.read(tokens.write(place, NOW), NOW)[:2] == place[:2]


@pytest.mark.parametrize("text", ["", "x", "%%%", "a/b/c/d/e", "offset%3D1", "AAAA", "é", "/" * 9])
@pytest.mark.parametrize("tokens", KINDS)
def test_a_foreign_token_is_refused(tokens, text):
    """Anything else is no token, whatever it looks like."""
    assert tokens.read(text, NOW) is None


def test_an_eprints_token_is_its_arguments_escaped():
    """EPrints escapes its own arguments and counts by item number, so that the token outlives every restart."""
    tokens = EprintsTokens()
    assert tokens.write(Place(Selection("oai_dc", "2024-01-01"), 1500), NOW) == (
        "from%3D2024-01-01%26metadataPrefix%3Doai_dc%26offset%3D1500"
    )
    assert tokens.skip(1500, ["oai:x:7", "oai:x:1499", "oai:x:1500"]) == 2
    assert tokens.next_offset(0, ["oai:x:7", "oai:x:1499"]) == 1500
