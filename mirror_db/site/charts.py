"""Charts as Vega-Lite specifications: plain values in, plain values out. Each page shows the same numbers as a table, too."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mirror_db.site.grids import ORDER, folded, heading
from mirror_db.site.home import Home, Place, shares
from mirror_db.site.words import ACCESS, OUTCOMES

Spec = dict[str, Any]
Link = Callable[..., str]
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
ACCESS_COLOURS = ("#0d7d6c", "#d99a21", "#b5533c", "#7d8a99", "#cfd6dd")
FAMILY_COLOURS = {
    "cc0": "#0b5d52",
    "public-domain": "#3c8a7d",
    "by": "#0d7d6c",
    "by-sa": "#6db5a6",
    "by-nc": "#d99a21",
    "by-nc-sa": "#e8c074",
    "by-nd": "#8a6fb0",
    "by-nc-nd": "#b5533c",
    "other": "#7d8a99",
    "": "#cfd6dd",
}
OUTCOME_COLOURS = {
    "complete": "#0d7d6c",
    "partial": "#b97f10",
    "deferred": "#5b7fb5",
    "interrupted": "#8a6fb0",
    "failed": "#b5342c",
    "running": "#7d8a99",
}
ROW_PX = 20
MAX_ROWS = 60  # repositories in one chart; the table below it has them all


def access_shares(home: Home, link: Link) -> Spec:
    """Give the share of each kind of access per repository, the open ones at the baseline; bars lead to their records."""
    places = shares(home.places)[:MAX_ROWS]
    encoding = {
        "y": _names(places),
        "x": {
            "field": "share",
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": {"format": "%", "title": None, "tickCount": 5},
        },
        "color": _colour("access", ACCESS, ACCESS_COLOURS),
        "order": {"field": "rank"},
        "href": {"field": "url"},
        "tooltip": [_told("repository"), _told("access"), _told("records", ","), _told("share", ".1%")],
    }
    return _spec(
        "Share of each kind of access per repository, most open first",
        {"type": "bar", "cursor": "pointer", "height": {"band": 0.78}},
        _share_values(places, link),
        encoding,
        height=ROW_PX * len(places),
    )


def licences_by_year(figures: Mapping[tuple[int, str], int], link: Link) -> Spec:
    """Give the records of each year by licence family, most open at the baseline."""
    totals = folded(figures)
    used = [name for name in ORDER if any(word == name for _, word in totals)]
    values = [
        {
            "year": str(year),
            "licence": heading(name),
            "rank": ORDER.index(name),
            "records": value,
            "url": link(year=str(year)),
        }
        for (year, name), value in sorted(totals.items())
    ]
    colour = _colour("licence", [heading(name) for name in used], [FAMILY_COLOURS[name] for name in used])
    return _by_year("Records of each year of publication by licence", values, colour)


def access_by_year(figures: Mapping[tuple[int, str], int], link: Link) -> Spec:
    """Give the records of each year by access, the open ones at the baseline."""
    values = [
        {
            "year": str(year),
            "access": word,
            "rank": ACCESS.index(word),
            "records": value,
            "url": link(year=str(year), access=word),
        }
        for (year, word), value in sorted(figures.items())
    ]
    colour = _colour("access", ACCESS, ACCESS_COLOURS)
    return _by_year("Records of each year of publication by access", values, colour)


def health(home: Home, link: Callable[[str], str]) -> Spec:
    """Give the gravest outcome of each day and repository as a coloured symbol."""
    places = home.places[:MAX_ROWS]
    values = _health_values(places, home.days, link)
    words = [word for word in OUTCOME_COLOURS if any(one["outcome"] == word for one in values)]
    colour = _colour("outcome", words, [OUTCOME_COLOURS[word] for word in words])
    encoding = {
        "x": {
            "field": "day",
            "type": "ordinal",
            "scale": {"domain": list(home.days)},
            "axis": {"title": None, "orient": "top", "labelExpr": "substring(datum.value, 8)", "labelAngle": 0},
        },
        "y": _names(places),
        "text": {"field": "symbol"},
        "color": colour | {"legend": None},
        "href": {"field": "url"},
        "tooltip": [_told("repository"), _told("day"), _told("outcome")],
    }
    mark = {"type": "text", "fontSize": 14, "cursor": "pointer"}
    return _spec("Gravest outcome of the harvests of each day", mark, values, encoding, height=ROW_PX * len(places))


def _share_values(places: Sequence[Place], link: Link) -> list[Spec]:
    return [
        {
            "repository": label,
            "access": word,
            "rank": rank,
            "records": one.access[word],
            "share": one.access[word] / one.records,
            "url": link(repository=one.row["id"], access=word),
        }
        for one, label in zip(places, _labels(places), strict=True)
        for rank, word in enumerate(ACCESS)
        if one.access[word]
    ]


def _health_values(places: Sequence[Place], days: Sequence[str], link: Callable[[str], str]) -> list[Spec]:
    return [
        {"repository": label, "day": day, "outcome": outcome, "symbol": OUTCOMES[outcome], "url": link(one.row["id"])}
        for one, label in zip(places, _labels(places), strict=True)
        for day, outcome in zip(days, one.health, strict=True)
        if outcome
    ]


def _by_year(description: str, values: Sequence[Spec], colour: Spec) -> Spec:
    encoding = {
        "x": {"field": "year", "type": "ordinal", "axis": {"title": None, "labelAngle": 0, "labelOverlap": "greedy"}},
        "y": {"field": "records", "type": "quantitative", "axis": {"title": None, "format": "~s", "tickCount": 5}},
        "color": colour,
        "order": {"field": "rank"},
        "href": {"field": "url"},
        "tooltip": [_told("year"), _told(colour["field"]), _told("records", ",")],
    }
    return _spec(description, {"type": "bar", "cursor": "pointer"}, values, encoding, height=260)


def _spec(description: str, mark: Spec, values: Sequence[Spec], encoding: Spec, *, height: int) -> Spec:
    return {
        "$schema": _SCHEMA,
        "description": description,
        "width": "container",
        "height": height,
        "data": {"values": list(values)},
        "mark": mark,
        "encoding": encoding,
    }


def _names(places: Sequence[Place]) -> Spec:
    """Give the axis of repositories."""
    axis = {"title": None, "labelLimit": 190}
    return {"field": "repository", "type": "nominal", "sort": _labels(places), "axis": axis}


def _told(field: str, form: str | None = None) -> Spec:
    """Give one line of a tooltip."""
    return {"field": field, "title": field.capitalize()} | ({"format": form} if form else {})


def _colour(field: str, words: Sequence[str], colours: Sequence[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(words), "range": list(colours)},
        "legend": {"title": None, "orient": "top", "columns": 0},
    }


def _labels(places: Sequence[Place]) -> list[str]:
    """Give the names, with the short one behind where two are the same."""
    names = [str(one.row["name"])[:80] for one in places]
    return [
        name if names.count(name) == 1 else f"{name} ({one.row['id']})" for name, one in zip(names, places, strict=True)
    ]
