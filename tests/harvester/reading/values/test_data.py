"""Every rule and every real example of dublin-core.md, as pairs of a value and what is made of it."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from harvester.reading.values import containers, dates, identifiers, languages, names, subjects, text, types

DATA = Path(__file__).parent / "data"


def _date(value: str) -> str:
    found = dates.read(value)
    if found.edtf is None:
        return str(found.issue)
    shown = f"{found.edtf} {found.date_min or '-'} {found.date_max or '-'} {found.precision}"
    return shown + (f"|{found.issue}" if found.issue else "")


def _identifiers(value: str) -> str:
    found = identifiers.find(value)
    return ", ".join(f"!{one.issue}" if one.issue else f"{one.scheme} {one.identifier}" for one in found)


def _languages(value: str) -> str:
    return " ".join(f"{one.tag}/{one.iso639_3}" for one in languages.read(value) if one.tag)


def _type(value: str) -> str:
    kind = types.read(value)
    return f"{kind.label or ''};{kind.version or ''};{'1' if kind.peer_reviewed else ''}" if kind.known else ""


def _names(value: str) -> str:
    return " + ".join(
        "|".join((one.family or "", one.given or "", one.suffix or "", one.dates or "", one.kind))
        for one in names.read(value).people
    )


def _subjects(value: str) -> str:
    return " + ".join(f"{one.scheme or '-'} {one.code or '-'} {one.label}" for one in subjects.read(value))


def _container(value: str) -> str:
    found = containers.read(value)
    return "" if found is None else "|".join(part or "" for part in found[:5])


def _text(value: str) -> str:
    found = text.clean(value)
    return "|".join((found.text, *(code for code, _ in found.issues)))


READERS: dict[str, Callable[[str], str]] = {
    "dates": _date,
    "identifiers": _identifiers,
    "languages": _languages,
    "types": _type,
    "names": _names,
    "subjects": _subjects,
    "containers": _container,
    "texts": _text,
}


def _pairs(name: str) -> list[tuple[str, str]]:
    found = []
    for key, value in tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8")).items():
        found += list(value.items()) if isinstance(value, dict) else [(key, value)]
    return found


CASES = [pytest.param(name, *pair, id=f"{name}-{n}") for name in READERS for n, pair in enumerate(_pairs(name), 1)]


@pytest.mark.parametrize(("name", "value", "expected"), CASES)
def test_a_value_is_read_as_the_specification_says(name: str, value: str, expected: str) -> None:
    """Each value of the data files gives what stands beside it."""
    assert expected == READERS[name](value)


def test_every_date_that_is_given_is_valid_edtf() -> None:
    """The texts that stand in the mirror are EDTF: the reference library reads them all."""
    edtf = pytest.importorskip("edtf")
    written = {dates.read(value).edtf for value, _ in _pairs("dates")} - {None}
    assert [text for text in sorted(map(str, written)) if edtf.parse_edtf(text) is None] == []


@pytest.mark.parametrize("value", [value for value, _ in _pairs("texts")])
def test_cleaning_twice_changes_nothing(value: str) -> None:
    """A cleaned text is clean, but for what escapes protected in the first round."""
    once = text.clean(value).text
    if "<" not in once:
        assert text.clean(once).text == once
