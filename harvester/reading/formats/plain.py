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
_ELEMENT = re.compile(r'<dc:([a-z]++)(?: xml:lang="([\w-]*)")?+(?:>([^<]*+)</| ?/>)')
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
    found = _ELEMENT.findall(text)
    openings = text.count("<") - text.count("</")  # comments, CDATA and instructions among them
    return _extracted(found) if openings == len(found) else None


@lru_cache(maxsize=256)
def _is_root(opening: bytes, context: str) -> bool:
    """Tell whether a container opens with the format's root, to whose children dc means Dublin Core; most records open alike."""
    root = _ROOT.fullmatch(opening)
    if root is None:
        return False
    own = root[1].decode()
    return _BOUND.search(own if "xmlns:dc=" in own or "'" in own else context) is not None


def _extracted(found: list[tuple[str, str, str]]) -> Extracted:
    given: list[Field] = []
    groups: dict[str, list[Field]] = {}
    for name, lang, text in found:
        element = f"dc:{name}"
        group = groups.get(element)
        if group is None:
            group = groups[element] = []
        value = _REFERENCE.sub(_character, text) if "&" in text else text
        field = _new(Field, (element, len(group) + 1, value, lang or None, (), "oai_dc"))
        given.append(field)
        group.append(field)
    return Extracted(given, (), groups)


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    if name[0] != "#":
        return _NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
