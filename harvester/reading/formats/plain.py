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
_ELEMENT = re.compile(r'<dc:([a-z]+)(?: xml:lang="([\w-]*)")?(?: ?/>|>([^<]*)<(/))')
_BOUND = re.compile(r'(?:^|\s)xmlns:dc="http://purl\.org/dc/elements/1\.1/"')
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_new = tuple.__new__


def fields(xml: bytes, start: int, context: str) -> Extracted | None:
    """Give the fields of a record whose metadata container begins at `start`; `context` are the declarations that it inherits.

    None where it has to be read element by element.
    """
    root = _ROOT.match(xml, start)
    if root is None or not _is_bound(root[1], context):
        return None
    end = xml.rfind(b"</oai_dc:dc>")
    if end < 0 or _END.match(xml, end) is None:
        return None
    text = xml[root.end() : end].decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # as XML has it
    found = _ELEMENT.findall(text)
    tags = len(found) + sum(1 for *_, closing in found if closing)
    return _extracted(found) if tags == text.count("<") else None


@lru_cache(maxsize=256)
def _is_bound(attributes: bytes, context: str) -> bool:
    """Tell whether the prefix dc is that of Dublin Core, declared at the format's root or before it."""
    own = attributes.decode()
    return _BOUND.search(own if "xmlns:dc=" in own or "'" in own else context) is not None


def _extracted(found: list[tuple[str, str, str, str]]) -> Extracted:
    given: list[Field] = []
    groups: dict[str, list[Field]] = {}
    for name, lang, text, _ in found:
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
