"""The labelled cases of elements other than dc:rights, as real XML of the format that has the element."""

import csv
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from harvester.reading.profile import Profile
from harvester.reading.record import read_record
from tests.harvester.reading.formats.building import element, read

CASES = Path(__file__).parents[4] / ".." / "shared" / "cases" / "rights_cases.csv"
_PART = re.compile(r"(?:(?P<name>[\w:-]+?)(?==|\[))?=?(?:\[(?P<attributes>[^\]]*)\])?(?P<text>.*)\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:]+)=\s*(.*?)(?=\s+[\w:]+=|\Z)", re.DOTALL)
_PREFIX = {
    "ali:": "rioxx",
    "oaire:": "oai_openaire",
    "datacite:": "oai_datacite",
    "uketdterms:": "uketd_dc",
    "xoai:": "xoai",
    "dcterms:": "oai_qdc",
}


class Case(NamedTuple):
    """One labelled case."""

    field: str
    value: str
    expected: tuple[str, str, str, str]
    note: str


def _cases() -> list[Case]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("expected_license", "expected_access", "expected_oa", "expected_cc_by_nc")
    return [
        Case(row["field"], row["value"], tuple(row[name] for name in names), row["note"])  # type: ignore[arg-type]
        for row in rows
        if row["field"] not in {"dc:rights", "oai:header"}
    ]


def _parts(case: Case) -> list[tuple[str, dict[str, str], str]]:
    """Take a case's values apart: element, attributes, text."""
    found = []
    default = case.field.split(";")[0].strip()
    for part in case.value.split(" || "):
        named = re.match(r"(setSpec|[a-z]+:[\w-]+)(?==|\[)", part)
        name = named[1] if named else default
        rest = part[named.end() :].removeprefix("=") if named else part
        inner = re.match(r"\[([^\]]*)\]", rest)
        attributes = dict(_ATTRIBUTE.findall(inner[1])) if inner else {}
        found.append((name, attributes, rest[inner.end() :] if inner else rest))
    return found


def _prefix(case: Case) -> str:
    if "rdf:resource" in case.value:
        return "jpcoar_1.0"
    found = [prefix for start, prefix in _PREFIX.items() if start in case.field]
    if "oai_openaire" in found:
        return "oai_openaire"
    return "uketd_dc" if "uketd_dc" in found else found[0] if found else "oai_dc"


def _write(prefix: str, name: str, attributes: dict[str, str], text: str) -> str:
    if prefix == "xoai":
        field = f'<xoai:field name="value">{text}</xoai:field>'
        inner = f'<xoai:element name="{name.partition(":")[2]}">{field}</xoai:element>'
        return f'<xoai:element name="others">{inner}</xoai:element>'
    written = element(name, text, **{key.replace(":", "__"): value for key, value in attributes.items()})
    return f"<datacite:rightsList>{written}</datacite:rightsList>" if prefix == "oai_datacite" else written


def _alternatives(case: Case) -> list[tuple[str, ...]]:
    """Give every answer that the labels allow: the expected one, and those of `[alt: ...]`."""
    license_, access, is_open, cc_by_nc = case.expected
    note = re.search(r"\[alt: ([^\]]*)\]", case.note)
    options = {"license": [license_], "access": [access]}
    for name, values in re.findall(r"(\w+)=([^,\]]*)", note[1] if note else ""):
        options.setdefault(name, []).extend(values.split("|"))
    return [(one, word, is_open, cc_by_nc) for one in options["license"] for word in options["access"]]


@pytest.mark.skipif(not CASES.exists(), reason="the labelled cases are not at hand")
@pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case.field}|{case.value}"[:70])
def test_every_labelled_case_is_judged_as_labelled(case: Case) -> None:
    """A value in the format that has its element gives the labelled licence, access and flags."""
    prefix = _prefix(case)
    parts = _parts(case)
    sets = tuple(text for name, _, text in parts if name in {"setSpec", "oai:setSpec"})
    inside = "".join(_write(prefix, *part) for part in parts if part[0] not in {"setSpec", "oai:setSpec"})
    found = read(prefix, inside, sets=sets).fields
    got = (found.license or "", found.access, str(found.is_open_access), str(found.is_cc_by_nc))
    allowed = _alternatives(case)
    assert got in allowed or (got[0].startswith("LicenseRef-") and _by_prefix(got, allowed))


def _by_prefix(got: tuple[str, ...], allowed: list[tuple[str, ...]]) -> bool:
    """The spelling behind LicenseRef- is the project's own choice (rights.md section 7)."""
    return any(one[0].startswith("LicenseRef-") and one[1:] == got[1:] for one in allowed)


def test_a_deleted_record_has_no_flags() -> None:
    """Whatever its sets say, a tombstone is neither open nor licensed."""
    record = read_record(
        "oai:x:1",
        "2026-01-02",
        True,
        ("open_access",),
        None,
        prefix="oai_dc",
        profile=Profile(),
        today=date(2026, 11, 23),
    )
    assert (record.fields.access, record.fields.is_open_access, record.fields.license) == ("unknown", 0, None)
