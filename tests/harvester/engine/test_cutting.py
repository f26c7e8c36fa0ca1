"""Windows are cut without a gap, share a unit with their neighbours, and become smaller until they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.engine.cutting import Window, apart, around, behind, halves, slices
from harvester.engine.types import ServerFacts
from harvester.oai.dates import Granularity

NOW = "2026-11-24T08:00:00Z"
DAY, SECONDS = Granularity.DAY, Granularity.SECONDS


@pytest.mark.parametrize(
    ("window", "at", "granularity", "expected"),
    [
        ((None, None), "2020-05-05", DAY, [(None, "2020-05-05"), ("2020-05-05", None)]),
        (("2020-01-01", "2020-01-31"), "2020-01-10", DAY, [("2020-01-01", "2020-01-10"), ("2020-01-10", "2020-01-31")]),
        (("2020-01-01", "2020-01-02"), "2020-01-02", DAY, [("2020-01-01", "2020-01-01"), ("2020-01-02", "2020-01-02")]),
        (("2020-01-01", "2020-01-01"), "2020-01-01", DAY, []),
        (("2020-01-05", None), "2020-01-05", DAY, []),
        (
            ("2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z"),
            "2020-01-01T00:00:01Z",
            SECONDS,
            [("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), ("2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z")],
        ),
    ],
)
def test_a_cut_at_a_datestamp(
    window: tuple[str | None, str | None],
    at: str,
    granularity: Granularity,
    expected: list[tuple[str | None, str | None]],
) -> None:
    """Both parts hold the datestamp, unless the window is two units wide."""
    assert [tuple(part) for part in around(Window(*window), at, granularity)] == expected


def test_parts_that_share_nothing() -> None:
    """For counting what a list announced."""
    assert apart(Window(None, None), "2020-05-05", DAY) == (Window(None, "2020-05-04"), Window("2020-05-05", None))


def test_halves_keep_open_ends_open() -> None:
    """Nothing falls out below the floor or after the ceiling (Q7, Q44)."""
    first, second = halves(Window(None, None), ServerFacts(DAY, "2020-01-01"), NOW)
    assert (first.from_, second.until, first.until == second.from_) == (None, None, True)


@given(st.integers(0, 3000), st.sampled_from([DAY, SECONDS]), st.integers(0, 2**20))
def test_halving_ends(days: int, granularity: Granularity, choices: int) -> None:
    """Whichever half is taken, after some forty cuts a window is one unit wide."""
    from datetime import date, timedelta

    end = date(2020, 1, 1) + timedelta(days=days)
    whole = Window("2020-01-01", f"{end}")
    if granularity is SECONDS:
        whole = Window(f"{whole.from_}T00:00:00Z", f"{end}T23:59:59Z")
    window, facts = whole, ServerFacts(granularity)
    for n in range(60):
        parts = halves(window, facts, NOW)
        if not parts:
            break
        assert parts[0].from_ == window.from_
        assert parts[1].until == window.until
        window = parts[choices >> (n % 20) & 1]
    assert window.from_ == window.until


@pytest.mark.parametrize(
    ("days", "granularity", "expected"), [(30, DAY, 30), (1, DAY, 1), (30, SECONDS, 30), (1, SECONDS, 1)]
)
def test_slices_are_no_longer_than_agreed(days: int, granularity: Granularity, expected: int) -> None:
    """In days, both ends counted at day granularity; the first and the last are open."""
    from datetime import datetime

    parts = slices(Window(None, None), days, ServerFacts(granularity, "2026-01-01"), NOW)
    assert (parts[0].from_, parts[-1].until) == (None, None)
    for part in parts[1:-1]:
        width = datetime.fromisoformat(part.until or "") - datetime.fromisoformat(part.from_ or "")
        assert width.days + (granularity is DAY) == expected


@pytest.mark.parametrize(
    ("window", "at", "granularity", "expected"),
    [
        ((None, None), "2020-05-05", DAY, [(None, "2020-05-05"), ("2020-05-06", None)]),
        ((None, "2020-05-05"), "2020-05-05", DAY, [(None, "2020-05-05")]),
        (
            ("2020-05-05T00:00:00Z", None),
            "2020-12-31T23:59:59Z",
            SECONDS,
            [("2020-05-05T00:00:00Z", "2020-12-31T23:59:59Z"), ("2021-01-01T00:00:00Z", None)],
        ),
    ],
)
def test_a_cut_behind_a_datestamp(
    window: tuple[str | None, str | None],
    at: str,
    granularity: Granularity,
    expected: list[tuple[str | None, str | None]],
) -> None:
    """The parts share nothing, so that a record that fails is left behind."""
    assert [tuple(part) for part in behind(Window(*window), at, granularity)] == expected
