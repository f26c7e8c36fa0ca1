"""Names for the controls that Datasette's pages leave without one, so that a screen reader can say what they are."""

import re

from markupsafe import Markup

_NAMES = (
    (re.compile(r'<(select) (name="_filter_column)'), "Column to filter by"),
    (re.compile(r'<(select) (name="_filter_op)'), "How to compare"),
    (re.compile(r'<(select) (name="_sort")'), "Column to sort by"),
    (re.compile(r'<(input) (type="text" name="_filter_value)'), "Value to compare with"),
    (re.compile(r'<(textarea) (id="sql-editor")'), "SQL query"),
    (re.compile(r'<(a) (class="cross")'), "Remove this filter"),
)
_SCROLLED = re.compile(
    r'<(div class="table-wrapper"|dl class="column-descriptions"|pre class="wrapped-sql"|pre id="sql-query")'
)


def named(html: str) -> Markup:
    """Give the HTML of one of Datasette's pages with names on its controls and keyboard focus on what scrolls."""
    html = str(html)  # as Markup it would escape what is put in
    for pattern, name in _NAMES:
        html = pattern.sub(rf'<\1 aria-label="{name}" \2', html)
    return Markup(_SCROLLED.sub(r'<\1 tabindex="0"', html))  # noqa: S704 - the page is Datasette's own rendered HTML
