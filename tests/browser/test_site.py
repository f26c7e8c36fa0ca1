"""The pages in a real browser: people find, narrow, read and take away; nothing hostile runs; everyone can use it."""

import json

import pytest

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search?q=rivers",
    "/search?open=1",
    "/record/6",
    "/record/7",
    "/repository/alpha",
    "/repository/beta",
    "/mirror",
    "/mirror/items",
    "/mirror/records/7",
    "/mirror/license_conflicts",
)


def test_a_librarian_finds_a_record_and_its_evidence(visit):
    """From the overview over a search and a facet to the sentences that say why."""
    page = visit("/")
    page.get_by_label("Search titles, people, subjects and abstracts").fill("mills")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("heading", name="2 records").is_visible()
    page.get_by_role("link", name="restricted 1").click()
    assert page.get_by_role("heading", name="1 record").is_visible()
    page.get_by_role("link", name="Closed mills").click()
    assert "That is CC BY-NC itself, so the flag CC BY-NC is set, whatever the access." in page.inner_text("main")
    page.get_by_role("link", name="Alpha University").first.click()
    assert page.get_by_role("heading", name="What to mend").is_visible()


def test_ticks_narrow_a_search(visit):
    """CC BY-NC and open, with a permalink."""
    page = visit("/")
    page.get_by_role("checkbox", name="open access").check()
    page.get_by_role("checkbox", name="CC BY-NC").check()
    page.get_by_role("button", name="Search").click()
    assert page.url.endswith("/search?q=&open=1&cc_by_nc=1")
    assert page.get_by_role("heading", name="1 record").is_visible()


def test_a_result_is_taken_away(visit):
    """The link of an export downloads the whole result."""
    page = visit("/search?q=rivers")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").click()
    with open(waiting.value.path(), encoding="utf-8") as file:
        assert [one["id"] for one in json.load(file)] == [5, 1]


def test_charts_are_drawn_and_lead_to_records(visit):
    """Bars for each repository with records; a click opens its search."""
    page = visit("/")
    bars = page.locator("[data-chart=spec-access] .mark-rect path")
    assert bars.count() == 6
    with page.expect_navigation():
        bars.first.click()
    assert "/search?repository=alpha&access=open" in page.url


def test_charts_follow_the_theme(visit):
    """Switching to dark draws them anew in its colours."""
    page = visit("/")
    label = page.locator("[data-chart=spec-access] .role-axis-label text").first
    before = label.get_attribute("fill")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "old => document.querySelector('[data-chart=spec-access] .role-axis-label text')?.getAttribute('fill') !== old",
        arg=before,
    )


def test_without_scripts_the_numbers_are_there(visit):
    """Everything but the drawings works, and their numbers stand in tables."""
    page = visit("/", scripts=False)
    page.locator("summary", has_text="The numbers as a table").first.click()
    assert page.get_by_role("region", name="Access by repository, as a table").is_visible()
    page.get_by_label("Search titles, people, subjects and abstracts").fill("tidal")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("heading", name="1 record").is_visible()


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(visit, path, theme, width):
    """No serious fault that axe knows, nothing wider than the screen, nothing hostile has run."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit(path, width=width, theme=theme)
    faults = Axe().run(page).response["violations"]
    assert [
        (one["id"], node["html"][:200])
        for one in faults
        for node in one["nodes"]
        if one["impact"] in {"serious", "critical"}
    ] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.hostile") is None


def test_the_keyboard_reaches_the_content(visit):
    """The first stop is the link past the head."""
    page = visit("/record/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_person_edits_the_sql(visit):
    """Datasette's editor works under the policy."""
    page = visit("/mirror?sql=select+count(*)+as+records+from+live_records")
    assert page.locator("td.col-records").inner_text() == "11"
    assert page.locator(".CodeMirror").is_visible()
