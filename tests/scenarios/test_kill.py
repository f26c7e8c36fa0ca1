"""kill -9 at any moment, then the same command again: the mirror is that of an undisturbed run."""

import os
import signal

import pytest

from tests.faults import a_fault, library
from tests.scenarios.running import content, ledger, oai_mirror

PAGES = 5
EACH_PAGE = {"OAI_MIRROR_HARVEST__COMMIT_RECORDS": "1", "OAI_MIRROR_TODAY": "2026-11-24"}
IN_BATCHES = {"OAI_MIRROR_TODAY": "2026-11-24"}


@pytest.fixture
def server(provider):
    return provider(library(46))


@pytest.fixture
def undisturbed(server, tmp_path):
    """Give the content and the ledger of a mirror that nobody disturbed."""
    db = tmp_path / "calm.db"
    done = oai_mirror("--db", str(db), "harvest", server.base_url, cwd=tmp_path, **IN_BATCHES)
    assert done.code == 0, done.err
    return content(db), ledger(db)


def killer(page: int):
    """Give a fault that kills whoever asks for this page, once."""
    done = []

    def kill(moment):
        if moment.page == page and not done:
            done.append(True)
            os.kill(int(moment.call.headers["x-pid"]), signal.SIGKILL)

    return a_fault(call=kill)


def harvest_again_and_compare(server, db, environ):
    done = oai_mirror("--db", str(db), "harvest", server.base_url, cwd=db.parent, **environ)
    assert done.code == 0, done.err
    return content(db), ledger(db)


def harvest_again(server, db):
    """Give the content after one more harvest, and the lists that are not proven.

    A kill behind the proof of the list leaves another list to ask, and one before it the same list twice: the ledger says so.
    """
    held, lists = harvest_again_and_compare(server, db, EACH_PAGE)
    return held, [row for row in lists if not row[-1]]


@pytest.mark.parametrize("environ", [EACH_PAGE, IN_BATCHES], ids=["a commit per page", "in batches"])
@pytest.mark.parametrize(
    "page", [pytest.param(n, marks=[] if n == 3 else pytest.mark.slow) for n in range(1, PAGES + 1)]
)
def test_a_kill_at_any_page_loses_nothing(server, undisturbed, tmp_path, page, environ):
    """The process dies while it waits for a page; what the next one brings is the whole."""
    db = tmp_path / "killed.db"
    server.faults.append(killer(page))
    dead = oai_mirror(
        "--db", str(db), "harvest", server.base_url, cwd=tmp_path, module="tests.scenarios.telling", **environ
    )
    assert dead.code == -signal.SIGKILL
    assert harvest_again_and_compare(server, db, environ) == undisturbed


def die(server, db, where, number, environ=EACH_PAGE):
    return oai_mirror(
        where, str(number), "--db", str(db), "harvest", server.base_url,
        cwd=db.parent, module="tests.scenarios.dying", **environ,
    )  # fmt: skip


def test_a_kill_inside_the_third_commit_loses_nothing(server, undisturbed, tmp_path):
    """The process dies with a transaction open and all its rows written."""
    db = tmp_path / "killed.db"
    assert die(server, db, "commit", 3).code == -signal.SIGKILL
    assert harvest_again_and_compare(server, db, EACH_PAGE) == undisturbed


@pytest.mark.slow
def test_a_kill_inside_any_commit_loses_nothing(server, undisturbed, tmp_path):
    """Every commit of the whole run, from the first migration to the figures at its end."""
    commits = int(die(server, tmp_path / "counted.db", "commit", 0).err.split()[-1])
    assert commits > PAGES
    for number in range(1, commits + 1):
        db = tmp_path / f"killed-{number}.db"
        assert die(server, db, "commit", number).code == -signal.SIGKILL
        assert harvest_again(server, db) == (undisturbed[0], []), f"after a kill at commit {number}"


@pytest.mark.slow
def test_a_kill_at_any_statement_loses_nothing(server, undisturbed, tmp_path):
    """A dozen statements spread over the whole run, in the middle of transactions."""
    statements = int(die(server, tmp_path / "counted.db", "statement", 0).err.split()[-1])
    for number in range(1, statements, statements // 12):
        db = tmp_path / f"killed-{number}.db"
        assert die(server, db, "statement", number).code == -signal.SIGKILL
        assert harvest_again(server, db) == (undisturbed[0], []), f"after a kill at statement {number}"


@pytest.mark.slow
def test_killed_again_and_again_it_ends_whole(server, undisturbed, tmp_path):
    """A process that dies at every second commit still gets to the end, page by page."""
    db = tmp_path / "killed.db"
    codes = []
    for _ in range(40):
        codes.append(die(server, db, "commit", 12).code)
        if codes[-1] == 0:
            break
    assert codes[0] == -signal.SIGKILL
    assert harvest_again(server, db) == (undisturbed[0], [])
