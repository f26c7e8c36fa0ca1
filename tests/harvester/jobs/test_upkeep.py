"""What keeps a mirror in good order: embargoes by the clock, figures, dropped messages, appointments."""

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from harvester.config import Settings, load, source_of
from harvester.demo import world
from harvester.engine.types import Wish
from harvester.jobs import upkeep
from harvester.jobs.harvest import Hooks, run
from harvester.stopping import Stopping
from mirror_db import appointments, outbox
from mirror_db.appointments import Appointment
from mirror_db.connection import open_reader, open_writer
from tests.harvester.daemon.living import Slowed, configure, provider

_ID = world.REPOSITORIES[2].id


def _settings(folder: Path, day: date) -> Settings:
    return load(folder, environ={"OAI_MIRROR_TODAY": day.isoformat(), "XDG_CONFIG_HOME": "/none"}).settings


def test_a_round_of_upkeep_ends_embargoes_and_counts(tmp_path):
    """Years later the same records are open, without a harvest, and the figures of the home page say so."""
    db = tmp_path / "mirror.db"
    with provider(Slowed()) as server:
        configure(tmp_path, server.url, [_ID])
        settings = _settings(tmp_path, date(2026, 11, 24))
        run(settings, [source_of(settings, _ID)], Wish(), db=db, jobs=1, hooks=Hooks(Stopping()))
    before = _open(db)
    done = upkeep.tend(db, _settings(tmp_path, date(2099, 1, 1)))
    assert done.verdicts_changed > 0
    assert done.counted > 0
    assert _open(db) == before + done.verdicts_changed
    with closing(open_reader(db)) as conn:
        counted = conn.execute(
            "SELECT value FROM stats WHERE repository = ? AND measure = 'open_access' AND key = '-'", (_ID,)
        )
        assert counted.fetchone() == (_open(db),)


def _open(db: Path) -> int:
    with closing(open_reader(db)) as conn:
        return int(conn.execute("SELECT count(*) FROM open_access").fetchone()[0])


def test_messages_that_ended_long_ago_are_dropped(tmp_path):
    """The outbox is kept for ninety days."""
    db = tmp_path / "mirror.db"
    with closing(open_writer(db)) as conn:
        outbox.tell(conn, "{}", ["command", "webhook"], now="2026-01-01T00:00:00Z")
        outbox.delivered(conn, 1, now="2026-01-01T00:00:00Z")
    assert upkeep.tend(db, load(environ={"XDG_CONFIG_HOME": "/none"}, folder=tmp_path).settings).messages_dropped == 1


@pytest.fixture
def entered(tmp_path: Path) -> Path:
    """A mirror with one repository that was never harvested."""
    db = tmp_path / "mirror.db"
    upkeep.enter_all(db, [("one", "One", "https://one.example/oai", "GB")])
    return db


def test_appointments_are_kept_moved_and_cleared(entered):
    """One per repository; none when the daemon has ended."""
    first = Appointment("one", "2026-11-24T08:00:00Z", "harvest", "never harvested")
    moved = first._replace(at="2026-11-25T02:17:00Z", reason="by its cron line")
    seen = []
    for change in (first, moved, None, first):
        upkeep.keep_appointment(entered, "one", change)
        seen.append(_appointments(entered))
    upkeep.clear_appointments(entered)
    assert [*seen, _appointments(entered)] == [{"one": first}, {"one": moved}, {}, {"one": first}, {}]


def _appointments(db: Path) -> dict[str, Appointment]:
    with closing(open_reader(db)) as conn:
        return appointments.appointments(conn)


def test_the_run_of_a_dead_process_is_closed_with_its_reason(entered):
    """The repository is failing and says why; a second call finds nothing to close and changes nothing."""
    with closing(open_writer(entered)) as conn:
        conn.execute(
            "INSERT INTO runs (repository, kind, started_at) VALUES ('one', 'harvest', '2026-11-24T08:00:00Z')"
        )
    for _ in range(2):
        upkeep.fail_dead(entered, "one", pid=7, reason="stalled: no page for 3600 s; the run was ended")
    with closing(open_reader(entered)) as conn:
        run = conn.execute("SELECT outcome, reason FROM runs").fetchall()
        standing = conn.execute("SELECT state, failures FROM repositories").fetchall()
    assert (run, standing) == ([("failed", "stalled: no page for 3600 s; the run was ended")], [("failing", 1)])


def test_what_is_not_in_the_mirror_has_no_standing(entered):
    """A name that nobody entered."""
    assert upkeep.standing_of(entered, "two") is None
