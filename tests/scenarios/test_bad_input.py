"""Bad input gets one clear line and its exit code, and nothing that was there is lost (issue 2)."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace

import pytest

from harvester.cli.harvest import exit_code
from harvester.jobs.harvest import worst
from mirror_db.connection import open_writer
from tests.faults import harvest as run_harvest
from tests.faults import held, html200, library, serve, status, truncate
from tests.scenarios.running import content, in_process, oai_mirror

QUICK = {
    "OAI_MIRROR_HTTP__MAX_ATTEMPTS": "1",
    "OAI_MIRROR_HTTP__CONNECT_TIMEOUT_SECONDS": "3",
    "OAI_MIRROR_TODAY": "2026-11-24",
}


@pytest.fixture
def server(provider):
    return provider(library(25))


@pytest.fixture
def mirror(server, tmp_path):
    """Give a mirror with 25 records in it."""
    done = in_process("--db", "m.db", "harvest", server.base_url, cwd=tmp_path, **QUICK)
    assert done.code == 0, done.err
    return tmp_path / "m.db"


def harvest(folder, *arguments, db="m.db", **environ):
    return in_process("-q", "--db", str(db), "harvest", *arguments, cwd=folder, **(QUICK | environ))


def said(done):
    """Give what was said about the failure, as lines, wherever a harvest says it."""
    assert "Traceback" not in done.err + done.out
    return [line for line in (done.err + done.out).splitlines() if re.search(r"^oai-mirror:|^Usage|^Error|: ", line)]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def no_such_host(server):
    return ["http://no-such-host.invalid/oai"], r"there is no host no-such-host\.invalid"


def refused_connection(server):
    return [f"http://127.0.0.1:{free_port()}/oai"], r"127\.0\.0\.1:\d+ refuses the connection"


def unknown_prefix(server):
    return [server.base_url, "--prefix", "marc21"], r"cannotDisseminateFormat.*oai_dc"


def unknown_set(server):
    return [server.base_url, "--set", "nobody"], r"does not list the set nobody"


def no_address(server):
    return ["ftp://127.0.0.1/oai"], r"http:// or https://"


def unknown_name(server):
    return ["newcastel"], r"no repository is called 'newcastel'"


def bad_date(server):
    return [server.base_url, "--from", "yesterday"], r"'yesterday' is no date"


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (no_such_host, {4}),
        (refused_connection, {4}),
        (unknown_prefix, {4}),
        (unknown_set, {4}),
        (no_address, {2}),
        (unknown_name, {2}),
        (bad_date, {2}),
    ],
)
def test_a_bad_target_says_what_is_wrong_and_loses_nothing(server, mirror, make, codes):
    """What the user named cannot be had: one clear line names it, and the mirror keeps its records."""
    before = held(mirror)
    arguments, words = make(server)
    done = harvest(mirror.parent, *arguments)
    assert done.code in codes
    assert any(re.search(words, line) for line in said(done)), done
    assert held(mirror) == before


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (html200(), r"HTML page instead of OAI-PMH: Down for maintenance"),
        (truncate(300), r"broke off"),
        (status(404), r"answers 404"),
    ],
    ids=["an HTML page with 200", "a truncated page", "a page that is not there"],
)
def test_a_server_that_fails_after_its_first_page_is_partial(tmp_path, fault, words):
    """The first page stays, the state is partial, the reason is said, exit code 3; the next run goes on."""
    db = tmp_path / "m.db"
    after_one = replace(fault, when=lambda moment: bool(moment.server.asked("ListRecords")))
    with serve(library(25), [after_one]) as server:
        report = run_harvest(server, db)
        assert (report.outcome, exit_code(worst([report]))) == ("partial", 3)
        assert re.search(words, report.reason), report.reason
        assert {f"oai:lib:{n}" for n in range(1, 9)} <= set(held(db))
        server.faults.clear()
        again = run_harvest(server, db)
        assert (again.outcome, held(db)) == ("complete", server.truth())


def test_a_broken_configuration_names_every_fault(server, mirror):
    """Exit code 2; each faulty key stands on a line of its own, nothing was asked."""
    config = mirror.parent / "broken.toml"
    config.write_text('schema_version = 1\n[http]\ntimeout_secs = 5\nmax_attempts = "many"\n', encoding="utf-8")
    asked = len(server.log)
    done = in_process("--config", str(config), "--db", "m.db", "harvest", server.base_url, cwd=mirror.parent)
    assert (done.code, len(server.log)) == (2, asked)
    assert all(word in done.err for word in ("broken.toml", "timeout_secs", "timeout_seconds", "max_attempts"))
    assert "Traceback" not in done.err


def foreign(path):
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE letters (text)")
        conn.commit()


def no_database(path):
    path.write_text("Dear reader, this is a letter and no database, and it goes on for more than a header.\n" * 20)


def newer(path):
    with closing(open_writer(path)) as conn:
        conn.execute("PRAGMA user_version = 9999")


def damaged(path):
    open_writer(path).close()
    data = bytearray(path.read_bytes())
    data[100:4000] = b"\xff" * 3900
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (foreign, "is a database, but not a mirror"),
        (no_database, "is not an SQLite file"),
        (newer, "was made by a newer oai-mirror"),
        (damaged, "damaged"),
    ],
)
@pytest.mark.parametrize("command", ["harvest", "status", "demo"])
def test_a_file_that_cannot_be_used_is_left_untouched(server, tmp_path, make, words, command):
    """One line and exit code 2 (1 for damage); not a byte of the file changes."""
    path = tmp_path / "file.db"
    make(path)
    before = path.read_bytes()
    target = [server.base_url] if command == "harvest" else []
    done = in_process("-q", "--db", str(path), command, *target, cwd=tmp_path, **QUICK)
    assert done.code in ({1, 2} if make is damaged else {2})
    assert (len(done.err.splitlines()), bool(re.search(words, done.err))) == (1, True), done.err
    assert path.read_bytes() == before


# --- the machine --------------------------------------------------------------------------------------------------------

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@as_root
def test_a_read_only_file_is_said_to_be_one(server, mirror):
    """Exit code 2, and the file stays as it is."""
    before = content(mirror)
    mirror.chmod(0o444)
    done = harvest(mirror.parent, server.base_url)
    assert (done.code, "cannot be written" in done.err) == (2, True)
    mirror.chmod(0o644)
    assert content(mirror) == before


def test_a_folder_that_cannot_be_made_is_named(server, tmp_path):
    """A path below a file is no place for a mirror: one line, exit code 2."""
    (tmp_path / "file").write_text("no folder")
    done = harvest(tmp_path, server.base_url, db=tmp_path / "file" / "m.db")
    assert (done.code, len(done.err.splitlines()), "folder cannot be" in done.err) == (2, 1, True)


def test_a_full_disk_loses_nothing_and_the_next_run_goes_on(server, tmp_path):
    """The database may grow no further: exit code 1 with the reason, sound content, and the same command ends the work later."""
    db = tmp_path / "m.db"
    with closing(open_writer(tmp_path / "empty.db")) as conn:
        (pages,) = conn.execute("PRAGMA page_count").fetchone()
    done = oai_mirror(
        str(pages + 3), "-q", "--db", str(db), "harvest", server.base_url,
        cwd=tmp_path, module="tests.scenarios.cramped", **QUICK, OAI_MIRROR_HARVEST__COMMIT_RECORDS="1",
    )  # fmt: skip
    assert (done.code, "full" in done.err, "Traceback" in done.err) == (1, True, False), done
    content(db)
    again = harvest(tmp_path, server.base_url)
    assert (again.code, held(db)) == (0, server.truth())


@pytest.fixture
def disk(tmp_path):
    """Give a file system of its own, of 700 kB, and what mounts it anew with other options."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("needs to mount a file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder, lambda options: subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_file_system_that_is_full_or_read_only_is_said_to_be(server, tmp_path, disk):
    """A real one: too small for the mirror, then large enough, then read-only; nothing that was harvested is lost."""
    folder, remount = disk
    done = oai_mirror("-q", "--db", str(folder / "m.db"), "harvest", server.base_url, cwd=tmp_path, **QUICK)
    assert (done.code, "full" in done.err, len(done.err.splitlines())) == (1, True, 1), done
    remount("size=20m")
    assert harvest(tmp_path, server.base_url, db=folder / "m.db").code == 0
    remount("ro")
    done = harvest(tmp_path, server.base_url, db=folder / "m.db")
    assert (done.code, "for writing" in done.err, len(done.err.splitlines())) == (2, True, 1), done
    remount("rw")
    assert held(folder / "m.db") == server.truth()
