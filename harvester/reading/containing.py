"""The journal or book where a format states it part by part: fills what no template has read."""

from harvester.reading.assemble import Draft

_COLUMNS = {
    "container:title": "container",
    "container:volume": "container_volume",
    "container:issue": "container_issue",
    "container:first_page": "first_page",
    "container:last_page": "last_page",
}


def read_container(draft: Draft) -> None:
    """Take title, volume, issue and pages from their own elements."""
    for element, column in _COLUMNS.items():
        if element not in draft.named:
            continue
        for _, text in draft.texts(element):
            if draft.columns.get(column) is None:
                draft.columns[column] = text
    if draft.columns.get("first_page") and not draft.columns.get("last_page"):
        draft.columns["last_page"] = draft.columns["first_page"]
