"""How good the flags are: `python -m tests.benchmarks.rights FILE.csv ...` on labelled values (rights.md section 7).

Prints precision, recall and F1 of CC BY-NC and of open access, the shares of exact licence and access, and each wrong case.
"""

import csv
import re
import sys
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import Verdict, judge

TODAY = date(2026, 11, 23)  # the day for which the files are labelled
_ALTERNATIVE = re.compile(r"\[alt: ([^\]]*)\]")
_ATTRIBUTES = re.compile(r"\[((?:[A-Za-z:_]+=[^\]\s]*\s*)+)\]")
_ATTRIBUTE = re.compile(r"([A-Za-z:_]+)=(\S*)")


class Case(NamedTuple):
    """One labelled value; each expectation is the set of answers that count as right."""

    value: str
    fields: tuple[Field, ...]
    deleted: bool
    licenses: frozenset[str]
    accesses: frozenset[str]
    open_: frozenset[int]
    cc_by_nc: int
    note: str


class Score(NamedTuple):
    """How a file came out."""

    cases: int
    cc_by_nc: tuple[int, int, int]  # found, false, missed
    open_access: tuple[int, int, int]
    licenses: int
    accesses: int
    wrong: tuple[str, ...]


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file of either shape; arguable ones are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("confidence") != "arguable":
                yield _case(row)


def _case(row: dict[str, str]) -> Case:
    element = row.get("field", "dc:rights")
    fields, deleted = _fields(element, row["value"])
    licenses, accesses, open_ = {row["expected_license"]}, {row["expected_access"]}, {int(row["expected_oa"])}
    for alternative in _ALTERNATIVE.findall(row["note"]):
        for part in alternative.split(","):
            name, _, values = part.strip().partition("=")
            target = {"license": licenses, "access": accesses}.get(name)
            if target is not None:
                target |= set(values.split("|"))
            elif name == "oa":
                open_ |= {int(value) for value in values.split("|") if value}
    return Case(
        row["value"],
        fields,
        deleted,
        frozenset(licenses),
        frozenset(accesses),
        frozenset(open_),
        int(row["expected_cc_by_nc"]),
        row["note"],
    )


def _fields(element: str, value: str) -> tuple[tuple[Field, ...], bool]:
    names = [name.strip().removeprefix("oai:") for name in element.split(";")]
    found: list[Field] = []
    deleted = False
    for part in value.split(" || "):
        name, text = names[0], part
        prefixed = re.match(r"((?:[a-z]+:)?[A-Za-z_.-]+)(=|(?=\[))(.*)", part, re.DOTALL)
        if prefixed and (prefixed[1] in names or prefixed[1] in {"setSpec", "status"}):
            name, text = prefixed[1], prefixed[3]
        if name == "status" or name == "header":
            deleted = deleted or "deleted" in text
            continue
        attributes = tuple(pair for group in _ATTRIBUTES.findall(text) for pair in _ATTRIBUTE.findall(group))
        text = _ATTRIBUTES.sub("", text).strip() if attributes else text
        ordinal = 1 + sum(one.element == name for one in found)
        found.append(Field(name, ordinal, text, None, attributes))
    return tuple(found), deleted


def score(cases: Iterator[Case]) -> Score:
    """Judge every case."""
    total = licenses = accesses = 0
    nc, oa = [0, 0, 0], [0, 0, 0]
    wrong = []
    for case in cases:
        total += 1
        verdict = judge(case.fields, profile=DEFAULT, today=TODAY, deleted=case.deleted)
        faults = _faults(case, verdict)
        licenses += "license" not in faults
        accesses += "access" not in faults
        _count(nc, verdict.is_cc_by_nc, case.cc_by_nc)
        _count(
            oa,
            verdict.is_open_access,
            verdict.is_open_access if verdict.is_open_access in case.open_ else max(case.open_),
        )
        if faults:
            wrong.append(_describe(case, verdict, faults))
    return Score(total, (nc[0], nc[1], nc[2]), (oa[0], oa[1], oa[2]), licenses, accesses, tuple(wrong))


def _faults(case: Case, verdict: Verdict) -> list[str]:
    faults = []
    if not any(_fits(verdict.license or "", wanted) for wanted in case.licenses):
        faults.append("license")
    if verdict.access not in case.accesses:
        faults.append("access")
    if verdict.is_open_access not in case.open_:
        faults.append("oa")
    if verdict.is_cc_by_nc != case.cc_by_nc:
        faults.append("cc_by_nc")
    return faults


def _fits(given: str, wanted: str) -> bool:
    """The spelling of LicenseRef ids is the project's own: compared by their first words."""
    if given == wanted or fnmatchcase(given, wanted):
        return True
    return (
        given.startswith("LicenseRef-")
        and wanted.startswith("LicenseRef-")
        and given.split("-")[1] == wanted.split("-")[1]
    )


def _count(figures: list[int], given: int, wanted: int) -> None:
    figures[0] += given == wanted == 1
    figures[1] += given == 1 and wanted == 0
    figures[2] += given == 0 and wanted == 1


def _describe(case: Case, verdict: Verdict, faults: list[str]) -> str:
    wanted = f"{'|'.join(sorted(case.licenses))} {'|'.join(sorted(case.accesses))}"
    given = f"{verdict.license or ''} {verdict.access}"
    rules = ",".join(f"{row.rule}:{row.verdict}" for row in verdict.evidence)
    return f"{'+'.join(faults)}: {case.value[:300]!r}\n    wanted {wanted}; given {given} ({rules}) {case.note[:120]}"


def f1(figures: tuple[int, int, int]) -> tuple[float, float, float]:
    """Give precision, recall and F1 from (found, false, missed)."""
    found, false, missed = figures
    precision = found / (found + false) if found + false else 1.0
    recall = found / (found + missed) if found + missed else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main(paths: list[str]) -> int:
    """Print the figures of each file."""
    if not paths:
        print("usage: python -m tests.benchmarks.rights FILE.csv ...", file=sys.stderr)
        return 2
    for path in paths:
        result = score(read_cases(Path(path)))
        print(f"{path}: {result.cases} cases")
        for name, figures in (("CC BY-NC", result.cc_by_nc), ("open access", result.open_access)):
            precision, recall, both = f1(figures)
            print(
                f"  {name:<12} found {figures[0]}, false {figures[1]}, missed {figures[2]}; precision {precision:.4f} recall {recall:.4f} F1 {both:.4f}"
            )
        print(
            f"  licence exact {result.licenses / result.cases:.2%}, access exact {result.accesses / result.cases:.2%}"
        )
        for line in result.wrong:
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
