"""Further formats are listed after the records, add to them, and change nothing by the order in which they come."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from harvester.engine.harvest import harvest
from harvester.engine.types import Job, Ports, Request, Rules, Wish
from harvester.net.types import Fault, FaultKind, Reply
from harvester.source import Manners, Source
from mirror_db.connection import open_writer
from mirror_db.store import Store
from tests.harvester.reading.formats.building import NAMESPACES, ROOTS, element

NOW = "2026-11-24T08:00:00Z"
_DECLARED = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items())
_CLOSED = element("ali:license_ref", "https://creativecommons.org/licenses/by-nc/4.0", start_date="2030-01-01")
_OPEN = element("ali:license_ref", "https://creativecommons.org/licenses/by-nc/4.0", start_date="2020-01-01")


class Server:
    """A repository in memory: records by prefix, each (identifier, datestamp, metadata or None for a tombstone)."""

    def __init__(self, **records: list[tuple[str, str, str | None]]) -> None:
        self.records = records
        self.asked: list[tuple[str, str | None, str | None]] = []  # verb, prefix, from
        self.broken: set[str] = set()

    def __call__(self, request: Request) -> Reply | Fault:
        asked = dict(request.params)
        prefix = asked.get("metadataPrefix")
        self.asked.append((asked["verb"], prefix, asked.get("from")))
        if prefix in self.broken:
            return Fault(FaultKind.UNAVAILABLE, "the server answers 503", "http://x.example/oai", 503)
        body = (
            '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-24T08:00:00Z</responseDate>'
            f"<request>http://x.example/oai</request>{self._answer(asked)}</OAI-PMH>"
        )
        return Reply(200, {"content-type": "text/xml"}, body.encode(), "http://x.example/oai")

    def _answer(self, asked: dict[str, str]) -> str:
        match asked["verb"]:
            case "Identify":
                return (
                    "<Identify><repositoryName>X</repositoryName><baseURL>http://x.example/oai</baseURL>"
                    "<protocolVersion>2.0</protocolVersion><earliestDatestamp>2020-01-01T00:00:00Z</earliestDatestamp>"
                    "<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
                )
            case "ListMetadataFormats":
                rows = "".join(
                    f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>"
                    for prefix in self.records
                )
                return f"<ListMetadataFormats>{rows}</ListMetadataFormats>"
            case "ListSets":
                return '<error code="noSetHierarchy">no sets</error>'
        listed = [one for one in self.records[asked["metadataPrefix"]] if one[1] >= asked.get("from", "")]
        if not listed:
            return '<error code="noRecordsMatch">nothing</error>'
        return f"<ListRecords>{''.join(_record(asked['metadataPrefix'], *one) for one in listed)}</ListRecords>"


def _record(prefix: str, name: str, datestamp: str, inside: str | None) -> str:
    status = ' status="deleted"' if inside is None else ""
    header = f"<header{status}><identifier>{name}</identifier><datestamp>{datestamp}</datestamp></header>"
    if inside is None:
        return f"<record>{header}</record>"
    return f"<record>{header}<metadata><{ROOTS[prefix]} {_DECLARED}>{inside}</{ROOTS[prefix]}></metadata></record>"


def _dc(title: str) -> str:
    return element("dc:title", title)


SOURCE = Source("x", "X", "http://x.example/oai", prefixes=("oai_dc", "rioxx"), manners=Manners(min_interval_s=0))
ONE = ("oai:x:1", "2026-01-01T00:00:00Z", _dc("One"))
TWO = ("oai:x:2", "2026-01-02T00:00:00Z", _dc("Two"))
RIOXX = ("oai:x:1", "2026-01-01T00:00:00Z", _OPEN)


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        yield opened


def run(conn, server: Server, source: Source = SOURCE, wish: Wish = Wish(), at: str = NOW):  # noqa: B008 - immutable
    """Harvest once."""
    ports = Ports(server, lambda: at, lambda seconds: None, lambda: False)
    rules = Rules(today=date(2026, 11, 24), retry_wait_s=0)
    server.asked.clear()
    return harvest(Job(source, wish, rules), ports, Store(conn, now=lambda: at), figures=dict)


def flags(conn) -> list[tuple]:
    """Give title, licence, access and deletion of every record."""
    return conn.execute("SELECT title, license, access, deleted FROM records ORDER BY oai_identifier").fetchall()


LICENSED = ("One", "CC-BY-NC-4.0", "open", 0)
SILENT = ("Two", None, "unknown", 0)


def test_a_further_format_adds_evidence_to_records(conn):
    """One record has RIOXX beside it, the other has not; the run counts what was taken in."""
    report = run(conn, Server(oai_dc=[ONE, TWO], rioxx=[RIOXX]))
    assert flags(conn) == [LICENSED, SILENT]
    assert (report.outcome, report.listed, report.created, report.beside, report.flags_changed) == (
        "complete",
        2,
        2,
        1,
        0,
    )
    places = conn.execute("SELECT element, origin FROM evidence WHERE used = 1 ORDER BY seq").fetchall()
    assert places == [("rioxx:ali:license_ref", "rioxx")] * 2


def test_each_format_has_its_own_watermark_and_unchanged_forms_are_passed_over(conn):
    """The second run asks both lists from where each was proven, and writes nothing."""
    server = Server(oai_dc=[ONE, TWO], rioxx=[RIOXX])
    run(conn, server)
    before = conn.execute("SELECT * FROM records").fetchall()
    report = run(conn, server)
    lists = [(prefix, from_ is not None) for verb, prefix, from_ in server.asked if verb == "ListRecords"]
    assert lists == [("oai_dc", True), ("rioxx", True)]
    assert (before, 0) == (conn.execute("SELECT * FROM records").fetchall(), report.beside)


def test_a_changed_record_keeps_what_stands_beside_it(conn):
    """A new title of oai_dc is read together with the RIOXX form that the mirror holds."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX])
    run(conn, server)
    server.records["oai_dc"] = [("oai:x:1", "2026-11-24T09:00:00Z", _dc("Once"))]
    run(conn, server)
    assert flags(conn) == [("Once", "CC-BY-NC-4.0", "open", 0)]


def test_a_changed_form_changes_the_flags(conn):
    """An embargo that RIOXX states later closes the record, and the change is kept."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX])
    run(conn, server)
    server.records["rioxx"] = [("oai:x:1", "2026-11-24T09:00:00Z", _CLOSED)]
    report = run(conn, server, at="2026-11-24T10:00:00Z")
    assert flags(conn) == [("One", "CC-BY-NC-4.0", "embargoed", 0)]
    changes = conn.execute("SELECT flag, before, after, why FROM flag_changes WHERE flag = 'access'").fetchall()
    assert (changes, report.flags_changed) == ([("access", "open", "embargoed", "content")], 1)


def test_a_withdrawn_form_takes_its_evidence_along(conn):
    """A tombstone in RIOXX is no tombstone of the record."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX])
    run(conn, server)
    server.records["rioxx"] = [("oai:x:1", "2026-11-24T09:00:00Z", None)]
    run(conn, server)
    assert flags(conn) == [("One", None, "unknown", 0)]


def test_a_record_of_the_further_format_alone_is_no_record(conn):
    """What oai_dc does not hold is not made up from another format."""
    run(conn, Server(oai_dc=[TWO], rioxx=[RIOXX]))
    assert flags(conn) == [SILENT]


def test_a_deleted_record_stays_deleted_whatever_stands_beside_it(conn):
    """The record's own tombstone decides; a form that comes later does not bring it back."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX])
    run(conn, server)
    server.records = {
        "oai_dc": [("oai:x:1", "2026-11-24T09:00:00Z", None)],
        "rioxx": [("oai:x:1", "2026-11-24T09:00:00Z", _CLOSED)],
    }
    run(conn, server)
    assert flags(conn) == [("One", None, "unknown", 1)]


def test_a_format_that_fails_is_a_warning(conn):
    """The records are complete without it, and the next run asks for it again from the start."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX])
    server.broken.add("rioxx")
    report = run(conn, server)
    assert (report.outcome, any("format_incomplete: rioxx" in one for one in report.warnings)) == ("complete", True)
    server.broken.clear()
    run(conn, server)
    assert flags(conn) == [LICENSED]


def test_a_format_that_is_not_offered_is_not_asked_for(conn):
    """The server's list of formats decides; the run says so."""
    server = Server(oai_dc=[ONE])
    report = run(conn, server)
    assert [one for one in server.asked if one[1] == "rioxx"] == []
    assert list(report.warnings) == ["format_not_offered: rioxx is not offered; it offers oai_dc"]


def test_the_best_formats_are_chosen_when_asked(conn):
    """`prefixes = "auto"`: the two best for rights of those offered."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX], mods=[], etdms=[], didl=[])
    run(conn, server, replace(SOURCE, prefixes=("oai_dc",), choose_prefixes=True))
    asked = [prefix for verb, prefix, _ in server.asked if verb == "ListRecords"]
    assert asked == ["oai_dc", "rioxx", "etdms", "etdms"]  # one that holds nothing at all is asked twice


def test_a_rehearsal_and_a_prefix_of_the_user_leave_further_formats_alone(conn):
    """`--prefix` asks for that one alone."""
    server = Server(oai_dc=[ONE], rioxx=[RIOXX])
    run(conn, server, wish=Wish(prefix="oai_dc"))
    assert [prefix for verb, prefix, _ in server.asked if verb == "ListRecords"] == ["oai_dc"]


def test_the_record_is_the_same_whichever_list_came_first(conn, tmp_path):
    """A mirror that met RIOXX alone first holds the same record in the end."""
    run(conn, Server(oai_dc=[ONE], rioxx=[RIOXX]))
    with closing(open_writer(tmp_path / "other.db")) as other:
        server = Server(oai_dc=[ONE], rioxx=[RIOXX])
        run(other, server, wish=Wish(prefix="rioxx"))
        run(other, server)
        assert flags(conn) == flags(other)


def test_one_query_compares_flags_with_and_without_the_extra_sources(conn):
    """The view extra_sources tells what the further formats brought."""
    run(conn, Server(oai_dc=[ONE, TWO], rioxx=[RIOXX]))
    assert conn.execute("SELECT * FROM extra_sources").fetchall() == [("x", 2, 1, 0, 1, 0)]


def test_the_platform_is_kept_and_a_context_that_lies_is_warned_of(conn):
    """A base URL that ends in /openaire rewrites rights: every run says so."""
    lying = replace(SOURCE, prefixes=("oai_dc",), base_url="http://x.example/oai/openaire")
    report = run(conn, Server(oai_dc=[ONE]), lying)
    assert conn.execute("SELECT platform FROM repositories").fetchall() == [("DSpace",)]
    assert [one.partition(":")[0] for one in report.warnings if "context" in one] == ["misleading_context"]
