"""The reports that anyone may run: they work on a folder of one response."""

from pathlib import Path

import pytest

from tests.benchmarks import coverage, reading

_INDEX = "file\tplatform\thost\tverb\trecords\tmetadataPrefix\n"
_PAGE = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-01T00:00:00Z</responseDate>
<request verb="ListRecords">https://a.example/oai</request><ListRecords><record><header><identifier>oai:a.example:1</identifier>
<datestamp>2026-10-01</datestamp></header><metadata><dc xmlns="http://purl.org/dc/elements/1.1/"><title>A study</title>
<date>2020</date><rights>CC BY-NC 4.0</rights><type>DFT</type></dc></metadata></record></ListRecords></OAI-PMH>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.xml").write_text(_PAGE, encoding="utf-8")
    (tmp_path / "INDEX.tsv").write_text(_INDEX + "a.xml\tother\ta.example\tListRecords\t1\toai_dc\n", encoding="utf-8")
    return tmp_path


def test_coverage_prints_shares_and_issues_by_host(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line per host: what is known of its records, and the issues met."""
    assert coverage.main([str(folder), "a.example"]) == 0
    line = capsys.readouterr().out.splitlines()[1].split()
    assert line == ["a.example", "1", "100%", "0%", "0%", "0%", "100%", "100%", "0%", "0%", "type_unmapped:1"]


def test_the_cost_of_reading_is_printed_by_stage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole, by stage, and the parse apart."""
    assert reading.main([str(folder)]) == 0
    stages = {line.split("  ")[0].strip() or line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]}
    assert {"parse to model", "one slice parsed"} <= stages


def test_without_a_folder_both_say_how_they_are_called(capsys: pytest.CaptureFixture[str]) -> None:
    """Usage goes to stderr, with exit code 2."""
    assert (coverage.main([]), reading.main([])) == (2, 2)
    assert "usage" in capsys.readouterr().err
