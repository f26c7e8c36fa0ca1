"""The items behind the records: what a repository knows of a work, made up from the data files, always the same ones."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from zlib import crc32

_FIRST_CHANGE = datetime(2019, 3, 4, 9, 12, 31)
_STEP = timedelta(days=5, hours=7, minutes=13, seconds=17)  # between the changes of two neighbours
_SPREAD = 397  # a prime: neighbours in number are no neighbours in time
_ODD_DATES = ("c1998", "[1987]", "n.d.", "1940-1949", "2011-02-31", "03/04/2011", "2005?")
_KINDS = ("article", "article", "article", "thesis", "chapter", "article", "conference", "dataset", "report", "article")


class Statement(NamedTuple):
    """What an item says about rights.

    In oai_dc: values as printed, sets that speak, the end of an embargo, and the flags they mean. Elsewhere: the
    licence's address with the day it begins, the access, sentences of the item's page, and the flags of all together.
    """

    rights: tuple[str, ...]
    sets: tuple[str, ...]
    embargo_end: date | None
    language: str | None
    is_open: bool
    is_cc_by_nc: bool
    license: str = ""
    license_start: date | None = None
    access: str = ""  # open, embargoed, restricted or metadata-only; empty: nobody says
    page: tuple[str, ...] = ()
    open_in_all: bool = False
    cc_by_nc_in_all: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One work as its repository knows it; `changed` is the datestamp, `journal` and what follows it may be empty."""

    number: int
    changed: str
    title: str
    creators: tuple[str, ...]
    statement: Statement
    deleted: bool = False
    language: str = "en"
    kind: str = "article"
    subjects: tuple[str, ...] = ()
    abstract: str = ""
    dates: tuple[str, ...] = ()  # of publication, as printed
    accepted: str = ""
    deposited: str = ""
    publisher: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    issn_print: str = ""
    issn_electronic: str = ""
    doi: str = ""
    sets: tuple[str, ...] = ()
    classification: str = ""
    file_name: str = ""

    @property
    def year(self) -> str:
        """Give the year of publication as four digits, or nothing."""
        return next((text[:4] for text in self.dates if text[:4].isdecimal()), "")


class Kind(NamedTuple):
    """One of a repository's own ways: which statements it uses and where its numbers begin."""

    name: str
    size: int
    first_number: int
    share_abroad: int  # every n-th item is in another language than English


def items(kind: Kind, today: date) -> Iterator[Item]:
    """Make the items of one repository; embargoes lie relative to `today`."""
    statements = _statements(kind.name, today)
    for position in range(kind.size):
        yield _item(kind, position, statements[position % len(statements)])


def _item(kind: Kind, position: int, statement: Statement) -> Item:
    number = kind.first_number + position * 3 + position % 2
    own = _Maker(position, kind.first_number)
    common: dict[str, Any] = {
        "number": number,
        "changed": _changed(position, kind.size),
        "statement": statement,
        "deleted": position % 19 == 11,
        "kind": _KINDS[position % len(_KINDS)],
        "file_name": f"{own.of(('article', 'final', 'accepted manuscript', 'thesis_2019', 'Überblick'), 3)}.pdf",
        "deposited": (date(2018, 1, 15) + timedelta(days=own.of(range(2400)))).isoformat(),
    }
    abroad = statement.language is not None or position % kind.share_abroad == 5
    made = own.abroad(statement.language) if abroad else own.at_home()
    return Item(**(common | made))


def _changed(position: int, count: int) -> str:
    at = _FIRST_CHANGE + _STEP * (position * _SPREAD % count)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class _Maker:
    """Picks from the data files by position: the same position gives the same item, on every day and machine."""

    def __init__(self, position: int, seed: int) -> None:
        self.position = position
        self.seed = seed

    def of(self, choices: Sequence[Any], salt: int = 0) -> Any:
        """Pick one; another `salt` picks another."""
        return choices[crc32(f"{self.seed} {self.position} {salt}".encode()) % len(choices)]

    def at_home(self) -> dict[str, Any]:
        """Make an English item of one of the fields."""
        data = _data("fields")
        fields, lenses = data["field"], data["lenses"]["en"]
        field = fields[self.position % len(fields)]
        turn = self.position // len(fields) + self.seed
        thing = field["things"][turn % len(field["things"])]
        lens = lenses[(turn * 3 + self.position) % len(lenses)]
        return {
            "title": thing + lens,
            "creators": self._people("en"),
            "subjects": tuple(field["subjects"]),
            "abstract": f"{thing} has seldom been looked at closely. Of {self.of(range(12, 900))} cases we found p < 0.05 in "
            f"{self.of(range(2, 11), 5)}, and discuss what this means for {field['name'].lower()}.",
            "publisher": field["publisher"],
            "sets": (field["set"],),
            "classification": field["class"],
            **self._published(field["journal"], field["issn"]),
        }

    def abroad(self, language: str | None) -> dict[str, Any]:
        """Make an item in another language; None takes any."""
        titles = [one for one in _data("abroad")["titles"] if language in (None, one[0])]
        tongue, title, subject = self.of(titles)
        place = self.of(("I", "II", "III"), 2)
        return {
            "title": title if self.position % 3 else f"{title} ({place})",
            "language": tongue,
            "creators": self._people(tongue),
            "subjects": (subject,),
            "publisher": "",
            "sets": ("hass:languages",),
            "classification": "P Language and Literature > P Philology. Linguistics",
            **self._published("", ""),
        }

    def _people(self, language: str) -> tuple[str, ...]:
        names = _data("people")
        chosen = [names[language][(self.position + n * 5) % len(names[language])] for n in range(1 + self.position % 3)]
        if self.position % 23 == 7:
            chosen.append(self.of(names["groups"]))
        return tuple(dict.fromkeys(chosen))

    def _published(self, journal: str, issn: str) -> dict[str, Any]:
        year = 2008 + self.of(range(17), 4)
        day = (date(year, 1, 1) + timedelta(days=self.of(range(360), 9))).isoformat()
        shown = (
            _ODD_DATES[self.position // 17 % len(_ODD_DATES)]
            if self.position % 17 == 3
            else day[: self.of((4, 7, 10), 6)]
        )
        volume = str(year - 1990)
        return {
            "dates": (shown,),
            "accepted": f"{year - 1}-11-{10 + self.position % 19}",
            "journal": journal,
            "volume": volume if journal else "",
            "issue": str(1 + self.position % 4) if journal else "",
            "pages": f"{self.position + 1}-{self.position + 9}" if journal else "",
            "issn_print": _bad(issn) if self.position % 29 == 4 else issn,
            "doi": "" if self.position % 5 == 4 else f"10.5555/demo.{self.seed + self.position}",
        }


def _bad(issn: str) -> str:
    """Give the ISSN with a wrong check digit."""
    return issn[:-1] + ("1" if issn.endswith("0") else "0") if issn else issn


def _statements(platform: str, today: date) -> list[Statement]:
    """Give the platform's statements in a round that mixes them as their weights say."""
    days = {"future": ahead(today, 14), "past": ahead(today, -9)}
    rounds: list[tuple[float, Statement]] = []
    for n, entry in enumerate(_data("rights")[platform]):
        said = _statement(entry, days)
        rounds += [((k + 0.5) / entry["weight"] + n / 1000, said) for k in range(entry["weight"])]
    return [said for _, said in sorted(rounds, key=lambda pair: pair[0])]


def _statement(entry: dict[str, Any], days: dict[str, date]) -> Statement:
    return Statement(
        rights=tuple(_dated(text, days) for text in entry["rights"]),
        sets=tuple(entry.get("sets", ())),
        embargo_end=days.get(entry.get("embargo", "").strip("{}")),
        language=entry.get("language"),
        is_open=entry["open"],
        is_cc_by_nc=entry["cc_by_nc"],
        license=entry.get("license", ""),
        license_start=days.get(entry.get("license_start", "").strip("{}")),
        access=entry.get("access", ""),
        page=tuple(_dated(text, days) for text in entry.get("page", ())),
        open_in_all=entry.get("open_in_all", entry["open"]),
        cc_by_nc_in_all=entry.get("cc_by_nc_in_all", entry["cc_by_nc"]),
    )


def _dated(text: str, days: dict[str, date]) -> str:
    for name, day in days.items():
        text = text.replace(f"{{{name}}}", day.isoformat())
    return text


def ahead(today: date, months: int) -> date:
    """Give the first day of a month so many months from now: a day that stays the same for weeks."""
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("harvester.demo") / "data" / f"{name}.toml").read_text("utf-8"))
