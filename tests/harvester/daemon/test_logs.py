"""Log lines: JSON or for people, one line each, without secrets."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from harvester.daemon import logs


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """A stream that is no terminal; our logger is as before afterwards."""
    loggers = [logs.LOGGER, logging.getLogger("apscheduler")]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    yield io.StringIO()
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers[:], one.level, one.propagate = handlers, level, propagate


def test_json_lines_when_nobody_watches(out):
    """Each line is one object with time, level, event and particulars; what is None is left out."""
    logs.set_up("auto", "INFO", stream=out)
    logs.log(logging.INFO, "run", repository="one", seconds=1.5, reason=None)
    line = json.loads(out.getvalue())
    assert line.pop("at").endswith("Z")
    assert line == {"level": "INFO", "event": "run", "repository": "one", "seconds": 1.5}


def test_lines_for_people(out):
    """key=value, quoted where it must be."""
    logs.set_up("human", "INFO", stream=out)
    logs.log(logging.WARNING, "run", repository="one", reason='no "answer"\nat all')
    assert out.getvalue().split(" ", 1)[1] == 'WARNING run repository=one reason="no \\"answer\\" at all"\n'


def test_the_level_is_kept(out):
    """Pages are written at DEBUG only."""
    logs.set_up("human", "INFO", stream=out)
    logs.log(logging.DEBUG, "page", repository="one")
    assert out.getvalue() == ""


@pytest.mark.parametrize("form", ["human", "json"])
def test_secrets_are_masked_wherever_they_come_up(out, form):
    """Even where a server sends a credential back in its error."""
    logs.set_up(form, "DEBUG", secrets=["open-sesame", "me:open-sesame", "ab"], stream=out)
    logs.log(logging.ERROR, "refused open-sesame", reason="user me:open-sesame may not; about")
    assert "sesame" not in out.getvalue()
    assert "about" in out.getvalue()  # a secret of two letters would mask half of the language


def test_hostile_text_stays_in_its_line(out):
    """Line breaks and escape sequences of a server cannot write lines of their own."""
    logs.set_up("human", "INFO", stream=out)
    logs.log(logging.INFO, "run", reason="a\r\n2026 INFO run\x1b[2Jb\u2028c")
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()


def test_libraries_do_not_write(out):
    """Addresses and headers of other loggers never come here."""
    logs.set_up("json", "DEBUG", stream=out)
    logging.getLogger("httpx").warning("GET https://one.example/?key=open-sesame")
    assert out.getvalue() == ""
