"""Lists that move while they are paged: what tells that a record may have slipped past the server's cursor (Q6, Q23).

A record that leaves a page behind the cursor pulls the next ones forward, over the border of the page that comes.
"""

from typing import NamedTuple


class Sizes(NamedTuple):
    """What the pages of one walk announced: the last size, the records on its page, and by how much the list shrank."""

    last: int = 0
    items: int = 0
    shrunk: int = 0

    def after(self, size: int | None, items: int, got: int) -> "Sizes":
        """Give the same after a page with this size; `got` counts the records listed so far, with those of the page.

        A size that counts what remains falls by the page before; one that is less than what was listed means something else.
        """
        if size is None:
            return self._replace(items=items)
        fall = self.last - size
        is_shrinking = 0 < fall != self.items and size >= got
        return Sizes(size, items, self.shrunk + fall if is_shrinking else self.shrunk)
