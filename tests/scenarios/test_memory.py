"""The memory of a harvest stays within its bounds, whatever the size of a page (issue 4; decision 6)."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from harvester.demo.document import document
from harvester.demo.protocol import answer
from harvester.demo.server import Call, Reply, Server
from tests.faults import library
from tests.faults.clock import START
from tests.scenarios.running import oai_mirror

_XML = (("Content-Type", "text/xml; charset=utf-8"),)
_MARK = "\n" + 99 * " "  # white space costs little time


def page_of(records: int, size: int) -> bytes:
    """Give one page of so many records, about so many bytes in all."""
    one = document(_answer([("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]))
    begin, end = one.index("<record>"), one.index("</record>") + len("</record>")
    more = (size // records - (end - begin)) // len(_MARK)
    record = one[begin:end].replace("</oai_dc:dc>", _MARK * more + "</oai_dc:dc>")
    parts = [record.replace("oai:lib:1<", f"oai:lib:{k}<") for k in range(records)]
    return (one[:begin] + "".join(parts) + one[end:]).encode()


def _answer(pairs):  # type: ignore[no-untyped-def]
    return answer(library(1), pairs, START)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell what a process holds")
@pytest.mark.parametrize(
    ("records", "size", "bound_mb"),
    [(15_000, 60_000_000, 250), (30_000, 200_000_000, 370)],
    ids=["60 MB", "200 MB"],
)
def test_q60_a_large_page_is_harvested_in_little_memory(records: int, size: int, bound_mb: int, tmp_path: Path) -> None:
    """The process that fetches and writes holds the bytes of the page and little besides; its readers hold less."""
    body = page_of(records, size)

    def app(call: Call) -> Reply:
        pairs = parse_qsl(call.query)
        if ("verb", "ListRecords") in pairs:
            return Reply(200, body, _XML)
        return Reply(200, document(_answer(pairs)).encode(), _XML)

    with Server(lambda url: app) as server:
        said, peak = harvested(server.url, tmp_path)
    assert (said["outcome"], said["created"]) == ("complete", records)
    assert (peak < bound_mb * 1_000_000, len(body) > 0.95 * size) == (True, True), (
        f"{peak:,} bytes for a page of {len(body):,}"
    )


def harvested(url: str, folder: Path) -> tuple[dict[str, object], int]:
    """Harvest in a process of its own; gives its report and the most memory that it held, in bytes."""
    bound = {"OAI_MIRROR_HTTP__MAX_PAGE_BYTES": "300000000"}
    done = oai_mirror(
        "--db", str(folder / "mirror.db"), "harvest", url, "--json",
        cwd=folder, module="tests.scenarios.weighing", **bound,
    )  # fmt: skip
    return done.reports[0], int(done.err.split()[-1])
