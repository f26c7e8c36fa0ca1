"""The package's own pages on a mirror whose every figure is known."""

import re
from html.parser import HTMLParser

import pytest

from mirror_db.site import fulltext

PAGES = (
    "/",
    "/search",
    "/search?q=rivers",
    "/record/1",
    "/record/7",
    "/record/8",
    "/repository/alpha",
    "/repository/beta",
)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its links, its text."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in {"td", "th", "li", "p", "dt", "dd", "h1", "h2", "h3"}:
            self.text += " "

    def handle_endtag(self, tag):
        assert tag not in self.VOID
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.text += data

    def links(self):
        """Give the addresses of all links."""
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]

    def words(self):
        """Give the text with single spaces."""
        return " ".join(self.text.split())


@pytest.fixture
def page(get):
    """Ask for a page, which must answer with well-nested HTML."""

    def ask(path):
        answer = get(path)
        assert answer.status_code == 200
        found = Page(answer.text)
        found.close()
        return found

    return ask


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_one_heading_a_language_and_a_sentence_of_help(page, path):
    """Screen readers and newcomers find their way."""
    found = page(path)
    assert ("html", {"lang": "en"}) in found.tags
    assert [tag for tag, _ in found.tags].count("h1") == 1
    assert any("help" in (attrs.get("class") or "").split() for _, attrs in found.tags) or path == "/"


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(page, get, path):
    """No link of a page within this site is broken, and others are http or https."""
    for address in set(page(path).links()):
        if address.startswith("/"):
            assert get(address).status_code == 200, address
        else:
            assert re.match(r"https?://|#", address), address


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label(page, path):
    """An input without a name cannot be used by a screen reader."""
    tags = page(path).tags
    labelled = {attrs.get("for") for tag, attrs in tags if tag == "label"}
    fields = [a for t, a in tags if t == "input" and a.get("type") not in {"hidden", "checkbox"}]
    assert [one for one in fields if one.get("id") not in labelled] == []


def test_the_overview_counts(page):
    """The tiles show the figures of the known mirror."""
    words = page("/").words()
    for told in (
        "11 records of 3 repositories",
        "45.5 % open access: 5",
        "2 CC BY-NC; 1 of them open",
        "36.4 % without any licence: 4",
        "3 repositories, 2 with trouble",
    ):
        assert told in words


def test_the_overview_names_what_needs_attention(page):
    """One line per repository in trouble: which, why and since when."""
    words = page("/").words()
    assert "◐ partial Beta <Archive>: 1 record is in quarantine, since 23 November 2026." in words
    assert "✕ failing Gamma: the server answers 503, since 23 November 2026." in words


@pytest.mark.parametrize(
    ("text", "counted", "told"),
    [
        ("mills", 2, "The best matches first."),
        ("mills", 1, "The best of the newest 1 matches first."),
        ("mil*", 1, "The newest in this mirror first."),
    ],
)
def test_a_search_says_how_it_is_sorted(page, monkeypatch, text, counted, told):
    """What is ranked is said with its bound."""
    monkeypatch.setattr(fulltext, "MAX_COUNTED", counted)
    assert told in page(f"/search?q={text}").words()


def test_every_chart_has_a_table(page):
    """Who cannot see a drawing reads the numbers."""
    tags = page("/").tags
    figures = [attrs for tag, attrs in tags if tag == "figure"]
    specs = [attrs for tag, attrs in tags if tag == "script" and attrs.get("type") == "application/json"]
    assert len(figures) == len(specs) == 3
    assert [tag for tag, _ in tags].count("table") == 4


def test_a_record_tells_its_evidence_in_sentences(page):
    """What was read, where, by which rule, and whether it was used, or why not."""
    words = page("/record/6").words()
    assert (
        "The 1st dc:rights reads CC BY 4.0. The rule cc-url takes CC-BY-4.0 from it for the licence (confidence 0.95). "
        "Not used: a less open licence stands beside it."
    ) in words
    assert (
        "The rule cc-url takes CC-BY-NC-ND-4.0 from it for the licence (confidence 0.95). Used: the verdict rests on it."
        in words
    )
    assert "the record states licences that disagree, and the least open one is believed" in words


def test_a_record_names_its_copies_elsewhere(page):
    """Another repository's item with the same DOI is a link."""
    found = page("/record/4")
    assert "Beta <Archive>, record 10" in found.words()
    assert "/record/10" in found.links()


def test_a_tombstone_says_so(page):
    """A deleted record has no badge of access and says why."""
    words = page("/record/8").words()
    assert "deleted" in words
    assert "its flags are cleared" in words
    assert "It is deleted: no flag is set." in words


def test_a_repository_tells_what_to_mend(page):
    """In words, with a link to the records."""
    words = page("/repository/beta").words()
    assert "The last harvest did not end complete: 1 record is in quarantine." in words
    assert "Records that cannot be read: 1; the section Quarantine says where and why." in words
    assert "No list of the whole repository has been proven to its end yet" in words
    assert "page 1, record 4 not_well_formed a tag is not closed" in words


def test_a_proven_repository_says_when(page):
    """Held, expected and proven stand side by side."""
    words = page("/repository/alpha").words()
    assert (
        "The whole list was last proven to its end 2026-11-23 08:00 UTC: the server gave 9 records and had announced 9."
        in words
    )
    assert "The mirror holds 8 live records and 1 tombstones" in words


def test_a_repository_without_records_is_no_error(page):
    """It has no chart, and says that it was never proven."""
    words = page("/repository/gamma").words()
    assert "The last harvest did not end complete: the server answers 503." in words


@pytest.mark.parametrize(
    "path", ["/record/999", "/repository/none", "/record/999999999999999999", "/record/999.csv", "/nothing"]
)
def test_what_is_not_there_is_said(get, path):
    """An unknown number, name or page answers 404 with a page that leads on."""
    answer = get(path)
    assert answer.status_code == 404
    assert 'href="/search"' in answer.text
    assert "tables.css" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_hostile_text_does_nothing(get, path):
    """Markup is text, addresses that run something are no links, overrides of the direction are gone, long titles are cut."""
    text = get(path).text
    assert "<script>window" not in text
    assert not re.search(r"<(img|svg on|b on|i>)", text)
    assert not re.search(r'(href|src)="(javascript|data):', text)
    assert "\u202e" not in text
    assert len(text) < 60_000


def test_an_override_is_spelt_out_in_the_raw_record(get):
    """The raw record shows what was received, made visible."""
    assert "⟨U+202E⟩" in get("/record/7").text


def test_only_our_own_scripts_run(get):
    """Every script is a file of this site or a block of data."""
    for path in PAGES:
        for tag, attrs in Page(get(path).text).tags:
            if tag == "script":
                assert attrs.get("type") == "application/json" or attrs["src"].startswith("/-/oai-mirror/")
            assert not any(name.startswith("on") for name in attrs)
