"""Platforms give themselves away, and each gets the set-up that suits it."""

import csv
import re
from pathlib import Path

import pytest

from harvester.oai.platform import Proposal, Seen, recognise

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus"
EPRINTS = Seen(
    ("https://eprints.example.org/cgi/oai2",),
    formats=("oai_dc", "rioxx", "uketd_dc", "didl"),
    sets=("7374617475733D707562", "driver"),
)


def test_eprints_is_proposed_rioxx_and_its_pages_with_reasons() -> None:
    """The whole proposal for one platform."""
    assert recognise(EPRINTS) == Proposal(
        id="eprints",
        name="EPrints",
        context=None,
        reasons=(
            "the address ends in /cgi/oai2",
            "its sets are the hexadecimal `status=`, `types=` and so on",
        ),
        prefixes=("rioxx", "uketd_dc"),
        pages=True,
        why_pages="oai_dc prints the licence code of a file but no access status; the page has both (eprints.full_text_status)",
        profile="eprints",
        notes=("the set driver holds items whose full text is public, and is read as open",),
        warning=None,
    )


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        ("newcastle", Seen(("https://eprints.ncl.ac.uk/oai",))),
        ("newcastle", Seen(("http://eprint.ncl.ac.uk:9003/",))),
        ("dspace", Seen(("https://x.example/server/oai/request",))),
        ("dspace", Seen(("https://x.example/oai",), sets=("com_10161_1", "col_10161_2"))),
        ("inveniordm", Seen(("https://x.example/oai2d",))),
        ("ojs", Seen(("https://x.example/index.php/journal/oai",))),
        ("ojs", Seen(("https://x.example/oai",), descriptions=("<title>Open Journal Systems</title>",))),
        ("figshare", Seen(("https://api.figshare.com/v2/oai",))),
        ("digital-commons", Seen(("https://x.example/do/oai/",))),
        ("pure", Seen(("https://x.example/ws/oai",))),
        ("dataverse", Seen(("https://x.example/oai",), formats=("oai_dc", "oai_ddi", "dataverse_json"))),
    ],
)
def test_each_platform_is_known_by_one_good_sign(expected: str, seen: Seen) -> None:
    """An address, a set, a format or a description is enough where it is a platform's own."""
    found = recognise(seen)
    assert found is not None
    assert expected == found.id


@pytest.mark.parametrize(
    ("context", "warns"),
    [("request", False), ("driver", True), ("openaire", True), ("openaire4", True), ("rioxx", False)],
)
def test_contexts_of_dspace_that_lie_are_warned_of(context: str, warns: bool) -> None:
    """/driver and /openaire rewrite the rights of every record."""
    found = recognise(Seen((f"https://x.example/oai/{context}",)))
    assert found is not None
    assert ("dspace", warns) == (found.id, found.warning is not None)


def test_what_gives_no_sign_is_not_guessed() -> None:
    """An address ending in /oai is anybody's."""
    assert recognise(Seen(("https://x.example/oai",), formats=("oai_dc",))) is None


@pytest.mark.skipif(not CORPUS.exists(), reason="the real responses are not at hand")
def test_real_answers_are_given_to_the_platform_they_came_from() -> None:
    """Of the hosts of known platforms nearly all are recognised, and none is taken for another."""
    names = {
        "eprints": "eprints",
        "dspace": "dspace",
        "digital_commons": "digital-commons",
        "ojs": "ojs",
        "invenio": "inveniordm",
    }
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t")
            if row["platform"] in names and row["kind"] == "response"
        ]
    results: dict[str, set[str]] = {}
    for row in rows:
        text = (CORPUS / row["file"]).read_text(encoding="utf-8", errors="replace")
        found = recognise(
            Seen(
                tuple(re.findall(r"<request[^>]*>\s*([^<\s]+)", text)[:1]),
                sets=tuple(re.findall(r"<setSpec>([^<]+)", text)[:50]),
                identifiers=tuple(re.findall(r"<identifier>([^<]+)", text)[:50]),
            )
        )
        said = "none" if found is None else "right" if found.id == names[row["platform"]] else "wrong"
        results.setdefault(said, set()).add(row["host"])
    hosts = set().union(*results.values())
    assert "wrong" not in results
    assert len(results["right"]) >= 0.9 * len(hosts)
