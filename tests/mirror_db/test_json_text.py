"""JSON that is exact and has nothing in it but text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mirror_db.json_text import json_text


def test_what_a_terminal_would_obey_is_escaped() -> None:
    """The introducer of control sequences, the next line, a direction override; letters stay as they are."""
    assert json_text({"a": "\x9b31m\x85\u202e\x7f é"}) == '{"a": "\\u009b31m\\u0085\\u202e\\u007f é"}'


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_nothing_is_lost_and_a_line_is_a_line(value: object) -> None:
    """Read again it is the same, and however lines are told it is one."""
    text = json_text(value)
    assert (json.loads(text), len(text.splitlines())) == (value, 1)
