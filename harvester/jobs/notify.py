"""Telling people: a change of a repository's state goes out once, and a message is kept until it is taken.

standings + what was told -> news -> outbox (one row per way) -> command | webhook | mail, again later where it failed
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from harvester.config import Settings
from harvester.jobs.ways import ways_of
from mirror_db import outbox
from mirror_db.connection import open_writer
from mirror_db.reports import rows
from mirror_db.store import utc_now

GOOD = frozenset({"complete"})
BAD = frozenset({"partial", "failing", "blocked", "stale"})
FIRST_WAIT = timedelta(minutes=1)  # before a message is tried again; doubles
LONGEST_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 20  # about four days
_LONGEST_PROBLEM = 300

Deliver = Callable[[Mapping[str, Any]], None]  # raises an exception whose text says why it failed


class News(NamedTuple):
    """A change of state that people want to know."""

    repository: str
    state: str
    before: str
    kind: str  # trouble or recovered


class Delivery(NamedTuple):
    """What became of one attempt: `problem` is empty when the message was taken."""

    way: str
    problem: str = ""
    given_up: bool = False


def news_of(state: str, told: str | None, *, failures: int, expected: int, repository: str) -> News | None:
    """Decide whether a repository's state is news.

    Trouble is news when it outlives the failures that are expected, and once: until the state is another. Staleness is news
    at once: it comes after two periods. Waiting as a
    server asked (deferred) and not having begun (never) are no news. A recovery is news where trouble was told.
    """
    before = told or "complete"
    if state in GOOD:
        return News(repository, state, before, "recovered") if before in BAD else None
    if state not in BAD or state == before:
        return None
    if before in GOOD and failures <= expected and state != "stale":  # which no failure makes, but silence
        return None
    return News(repository, state, before, "trouble")


def announce(conn: sqlite3.Connection, settings: Settings, expected: Mapping[str, int]) -> list[dict[str, Any]]:
    """Put every change of state into the outbox; `expected` gives the failures that are no news, by repository.

    Gives the messages, for the log. Each is entered together with the state that it tells: a crash tells nothing twice,
    nor do two that announce at the same time.
    """
    told = outbox.told(conn)
    ways = tuple(ways_of(settings))
    messages = []
    for row in rows(
        conn,
        "SELECT id, name, base_url, state, state_reason, state_since, failures, last_complete_at FROM repositories",
    ):
        limit = expected.get(row["id"], settings.alerts.expected_failures)
        news = news_of(
            row["state"], told.get(row["id"]), failures=row["failures"], expected=limit, repository=row["id"]
        )
        if news is None:
            continue
        message = _message(news, row)
        text = json.dumps(message, ensure_ascii=False)
        if outbox.tell(conn, text, ways, now=utc_now(), about=(row["id"], news.state)):
            messages.append(message)
    return messages


def _message(news: News, row: Mapping[str, Any]) -> dict[str, Any]:
    what = (
        "is complete again"
        if news.kind == "recovered"
        else f"is {news.state}: {row['state_reason'] or 'no reason given'}"
    )
    return {
        "program": "oai-mirror",
        "kind": news.kind,
        "repository": news.repository,
        "name": row["name"],
        "base_url": row["base_url"],
        "state": news.state,
        "before": news.before,
        "reason": row["state_reason"],
        "since": row["state_since"],
        "failures": row["failures"],
        "last_complete_at": row["last_complete_at"],
        "text": f"{news.repository} {what}",
    }


def deliver(db: Path, settings: Settings) -> list[Delivery]:
    """Try every message that is due; what fails is tried again later, up to `MAX_ATTEMPTS` times."""
    ways = ways_of(settings)
    with closing(open_writer(db)) as conn:
        return [_try(conn, waiting, ways.get(waiting.way)) for waiting in outbox.due(conn, now=utc_now())]


def _try(conn: sqlite3.Connection, waiting: outbox.Waiting, way: Deliver | None) -> Delivery:
    now = utc_now()
    problem = "this way of telling is not configured any more"
    if way is not None:
        problem = _problem(way, json.loads(waiting.message))
    if not problem:
        outbox.delivered(conn, waiting.id, now=now)
        return Delivery(waiting.way)
    again = None if way is None else next_attempt(now, waiting.attempts + 1)
    outbox.failed(conn, waiting.id, problem=problem, again=again, now=now)
    return Delivery(waiting.way, problem, again is None)


def _problem(way: Deliver, message: Mapping[str, Any]) -> str:
    """Whatever a way does wrong, the others are still tried."""
    try:
        way(message)
    except Exception as error:
        return " ".join(f"{error}".split())[:_LONGEST_PROBLEM] or type(error).__name__
    return ""


def next_attempt(now: str, attempts: int) -> str | None:
    """Give the instant of the next attempt after so many, None when it is time to give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
    return (datetime.fromisoformat(now) + wait).strftime("%Y-%m-%dT%H:%M:%SZ")
