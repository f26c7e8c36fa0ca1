"""One daemon per mirror, and what the service manager is told."""

import os
import socket

import pytest

from harvester.daemon.life import Systemd, Taken, only_daemon, watchdog_every_s


def test_the_second_daemon_is_told_who_the_first_is(tmp_path):
    """Host, process and since when; afterwards the mirror is free again and nothing lies about."""
    db = tmp_path / "mirror.db"
    with only_daemon(db):
        with pytest.raises(Taken) as caught, only_daemon(db):
            raise AssertionError("two daemons hold one mirror")
        assert f"a daemon runs already on {socket.gethostname()} (process {os.getpid()}) since 2" in str(caught.value)
    with only_daemon(db):
        pass
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == []


def test_a_card_that_cannot_be_read_says_at_least_that_one_runs(tmp_path):
    """The lock decides, the card only explains."""
    db = tmp_path / "mirror.db"
    with only_daemon(db):
        (tmp_path / "mirror.db.daemon").write_text("{")
        with pytest.raises(Taken, match="a daemon runs already; one daemon per mirror is enough"), only_daemon(db):
            raise AssertionError("two daemons hold one mirror")


@pytest.mark.parametrize(
    ("environ", "every"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 20.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 20.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
)
def test_the_watchdog_is_petted_three_times_within_its_limit(environ, every):
    """Only when it is meant for this process."""
    assert watchdog_every_s(environ) == every


def test_systemd_is_told_in_its_own_words(tmp_path, monkeypatch):
    """A reload names the clock, as Type=notify-reload wants it."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        systemd = Systemd()
        systemd.ready("3 repositories by schedule")
        systemd.reloading()
        systemd.alive()
        systemd.stopping()
        said = [manager.recv(1000).decode() for _ in range(4)]
        systemd._notifier.socket.close()
    assert [text.partition("MONOTONIC_USEC=")[0] for text in said] == [
        "READY=1\nSTATUS=3 repositories by schedule",
        "RELOADING=1\n",
        "WATCHDOG=1",
        "STOPPING=1",
    ]
    assert said[1].rpartition("=")[2].isdecimal()
