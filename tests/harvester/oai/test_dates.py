"""Datestamps, granularity, windows (Q1 to Q5, Q44 to Q46)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.oai.dates import (
    Granularity,
    halve,
    is_before,
    next_from,
    read_granularity,
    sane_earliest,
    to_granularity,
    to_instant,
)

DAY, SECONDS = Granularity.DAY, Granularity.SECONDS
moments = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, DAY),
        ("", DAY),
        ("YYYY-MM-DD", DAY),
        ("YYYY-MM-DDThh:mm:ssZ", SECONDS),
        ("yyyy-mm-ddthh:mm:ssz", SECONDS),
        (" YYYY-MM-DDThh:mm:ss.sZ\n", SECONDS),
        ("YYYY-MM-DD Thh:mm:ssZ", SECONDS),
        ("day", DAY),
    ],
)
def test_q46b_granularity_is_understood_in_odd_spellings(text: str | None, expected: Granularity) -> None:
    """Anything else is day, which every repository takes."""
    assert read_granularity(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T08:34:00Z", "2026-11-23T08:34:00Z"),
        (" 2026-11-23T08:34:00Z\n", "2026-11-23T08:34:00Z"),
        ("2026-11-23T08:34:00", "2026-11-23T08:34:00Z"),
        ("2026-11-23 08:34:00", "2026-11-23T08:34:00Z"),
        ("2026-11-23T08:34:00 UTC", "2026-11-23T08:34:00Z"),
        ("2026-11-23T08:34Z", "2026-11-23T08:34:00Z"),
        ("2026-11-23t08:34:00.123456z", "2026-11-23T08:34:00Z"),
        ("2026-11-23T08:34:00,5+02:00", "2026-11-23T06:34:00Z"),
        ("2026-11-23T01:34:00+0200", "2026-11-22T23:34:00Z"),
        ("2026-11-23T08:34:00-05", "2026-11-23T13:34:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0001-01-01", "0001-01-01"),
        ("0001-01-01T00:00:00+05:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("2026-02-30", None),
        ("2026-11-23T25:00:00Z", None),
        ("2026-11-23T08:34:00+99:99", None),
        ("23.11.2026", None),
        ("2026", None),
        ("", None),
        (None, None),
        ("2026-11-23" * 1000, None),
        ("٢٠٢٦-١١-٢٣", "2026-11-23"),
    ],
)
def test_q45_datestamps_are_read_leniently(text: str | None, expected: str | None) -> None:
    """White space, fractions, offsets, a missing Z; never an exception."""
    assert to_instant(text) == expected


@given(moments)
def test_an_instant_reads_back_as_itself(at: datetime) -> None:
    """At both granularities."""
    text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (to_instant(text), to_instant(text[:10])) == (text, text[:10])


@given(st.text(max_size=40))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    """It is an instant or it is none; what it is reads back as itself."""
    found = to_instant(text)
    assert found is None or to_instant(found) == found


@pytest.mark.parametrize(
    ("text", "granularity", "end", "expected"),
    [
        ("2026-11-23", DAY, False, "2026-11-23"),
        ("2026-11-23T08:34:00Z", DAY, True, "2026-11-23"),
        ("2026-11-23", SECONDS, False, "2026-11-23T00:00:00Z"),
        ("2026-11-23", SECONDS, True, "2026-11-23T23:59:59Z"),
        ("2026-11-23T08:34:00+01:00", SECONDS, True, "2026-11-23T07:34:00Z"),
    ],
)
def test_q4_a_day_is_its_first_or_its_last_second(
    text: str, granularity: Granularity, end: bool, expected: str
) -> None:
    """`until` is inclusive."""
    assert to_granularity(text, granularity, end=end) == expected


def test_what_is_no_date_cannot_be_asked_for() -> None:
    """A mistake of the caller."""
    with pytest.raises(ValueError, match="'soon' is no date"):
        to_granularity("soon", DAY, end=False)


@pytest.mark.parametrize(
    ("first", "granularity", "overlap_s", "expected"),
    [
        ("2026-11-23T08:34:00Z", SECONDS, 300, "2026-11-23T08:29:00Z"),
        ("2026-11-23T08:34:00Z", DAY, 86_400, "2026-11-22"),
        ("2026-11-23", SECONDS, 300, "2026-11-22T23:55:00Z"),
        ("0001-01-01T00:00:00Z", SECONDS, 300, None),
        ("soon", SECONDS, 300, None),
        ("", DAY, 300, None),
    ],
)
def test_q5_the_next_from_is_the_servers_clock_less_an_overlap(
    first: str, granularity: Granularity, overlap_s: int, expected: str | None
) -> None:
    """Design rule 2."""
    assert next_from(first, granularity, overlap_s) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2004-05-06", "2004-05-06"),
        ("2004-05-06T07:08:09Z", "2004-05-06T07:08:09Z"),
        ("0001-01-01T00:00:00Z", None),
        ("1969-12-31", None),
        ("2026-11-24T01:00:00Z", None),
        ("2099-01-01", None),
        (None, None),
    ],
)
def test_q44_an_absurd_earliest_datestamp_is_none(text: str | None, expected: str | None) -> None:
    """Before the web, today or in the future."""
    assert sane_earliest(text, now="2026-11-24T08:00:00Z") == expected


def _next_unit(until: str, granularity: Granularity) -> str:
    if granularity is DAY:
        return (datetime.fromisoformat(until) + timedelta(days=1)).strftime("%Y-%m-%d")
    return (datetime.fromisoformat(until) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


@given(moments, moments, st.sampled_from([DAY, SECONDS]), st.booleans(), st.booleans())
def test_halves_of_a_window_are_neighbours_without_a_gap(
    one: datetime, other: datetime, granularity: Granularity, open_from: bool, open_until: bool
) -> None:
    """The outer ends stay, open ones stay open; the inner ends differ by one unit; neither half is empty or the whole."""
    low, high = sorted((one, other))
    now = max(high, datetime(2026, 11, 24, tzinfo=UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    from_ = None if open_from else to_granularity(low.strftime("%Y-%m-%dT%H:%M:%SZ"), granularity, end=False)
    until = None if open_until else to_granularity(high.strftime("%Y-%m-%dT%H:%M:%SZ"), granularity, end=True)
    halves = halve(from_, until, granularity, floor=None, ceiling=now)
    if halves is None:
        return
    (first_from, first_until), (second_from, second_until) = halves
    assert (first_from, second_until) == (from_, until)
    assert first_until is not None
    assert second_from is not None
    assert second_from == _next_unit(first_until, granularity)
    assert from_ is None or from_ <= first_until
    assert until is None or second_from <= until


@given(moments, st.integers(1, 10**8), st.sampled_from([DAY, SECONDS]))
def test_halving_comes_down_to_one_unit(low: datetime, span_s: int, granularity: Granularity) -> None:
    """In at most 33 steps from centuries to a second; a window of one unit is not cut."""
    high = min(low + timedelta(seconds=span_s), datetime(2999, 12, 31, tzinfo=UTC))
    window: tuple[str | None, str | None] = (
        to_granularity(low.strftime("%Y-%m-%dT%H:%M:%SZ"), granularity, end=False),
        to_granularity(high.strftime("%Y-%m-%dT%H:%M:%SZ"), granularity, end=True),
    )
    steps = 0
    while (halves := halve(*window, granularity, floor=None, ceiling="2999-12-31T00:00:00Z")) is not None:
        window = halves[steps % 2]
        steps += 1
        assert steps <= 33
    assert window[0] == window[1]


@pytest.mark.parametrize(
    ("instant", "bound", "expected"),
    [
        ("2026-11-22", "2026-11-23", True),
        ("2026-11-23", "2026-11-23T08:00:00Z", False),
        ("2026-11-23T07:00:00Z", "2026-11-23", False),
        ("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", True),
        (None, "2026-11-23", False),
    ],
)
def test_before_means_wholly_before_whatever_the_granularity(instant: str | None, bound: str, expected: bool) -> None:
    """A day is not before a second of itself."""
    assert is_before(instant, bound) is expected
