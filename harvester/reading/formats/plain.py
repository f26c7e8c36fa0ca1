"""oai_dc read from its bytes, where nothing but plain elements stands in it: half the cost of reading it element by element.

For a record of a well-formed page. Every "<" must belong to an element that is understood, so that a comment, CDATA, an element
inside another or of another vocabulary sends the whole record the ordinary way (`oai_dc.fields`), whose result this is.
"""

import re
from functools import lru_cache

from harvester.reading.fields import Field
from harvester.reading.formats import Extracted

_ROOT = re.compile(rb"<metadata>\s*<oai_dc:dc(\s[^<>]*)>")
_END = re.compile(rb"</oai_dc:dc>\s*</metadata>")
_TAG = re.compile(r'dc:([a-z]{1,40})(?: xml:lang="([\w-]{0,40})")?( ?/)?')
_BOUND = re.compile(r'(?:^|\s)xmlns:dc="http://purl\.org/dc/elements/1\.1/"')
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LONGEST = 4096  # bytes of the opening tags of container and root
_new = tuple.__new__


def fields(xml: bytes, start: int, context: str) -> Extracted | None:
    """Give the fields of a record whose metadata container begins at `start`; `context` are the declarations that it inherits.

    None where it has to be read element by element.
    """
    inside = xml.find(b">", xml.find(b"<oai_dc:dc", start, start + _LONGEST) + 1, start + _LONGEST) + 1
    if not inside or not _is_root(xml[start:inside], context):
        return None
    end = xml.rfind(b"</oai_dc:dc>")
    if end < 0 or _END.match(xml, end) is None:
        return None
    text = xml[inside:end].decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # as XML has it
    try:
        return _extracted(text)
    except _NotPlainError:
        return None


@lru_cache(maxsize=256)
def _is_root(opening: bytes, context: str) -> bool:
    """Tell whether a container opens with the format's root, to whose children dc means Dublin Core; most records open alike."""
    root = _ROOT.fullmatch(opening)
    if root is None:
        return False
    own = root[1].decode()
    return _BOUND.search(own if "xmlns:dc=" in own or "'" in own else context) is not None


class _NotPlainError(Exception):
    """Something else than a plain element stands in a record."""


def _extracted(text: str) -> Extracted:
    """Take an element at each "<", behind which must stand its closing tag, unless it is empty. Raises _NotPlainError."""
    given: list[Field] = []
    groups: dict[str, list[Field]] = {}
    pieces = iter(text.split("<"))
    next(pieces)
    for piece in pieces:
        tag, _, value = piece.partition(">")
        element, lang, is_empty = _opened(tag)
        if is_empty:
            value = ""
        elif next(pieces, "")[:1] != "/":
            raise _NotPlainError
        if "&" in value:
            value = _REFERENCE.sub(_character, value)
        if element in groups:
            group = groups[element]
            field = _new(Field, (element, len(group) + 1, value, lang, (), "oai_dc"))
            group.append(field)
        else:
            field = _new(Field, (element, 1, value, lang, (), "oai_dc"))
            groups[element] = [field]
        given.append(field)
    extracted: Extracted = _new(Extracted, (given, (), groups))
    return extracted


@lru_cache(maxsize=1_024)
def _opened(tag: str) -> tuple[str, str | None, bool]:
    """Read an opening tag without its brackets: its element, its language, and whether it closes itself. Raises _NotPlainError."""
    plain = _TAG.fullmatch(tag)
    if plain is None:
        raise _NotPlainError  # so that it is not remembered: the whole of a comment may stand here
    return f"dc:{plain[1]}", plain[2] or None, plain[3] is not None


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    if name[0] != "#":
        return _NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
