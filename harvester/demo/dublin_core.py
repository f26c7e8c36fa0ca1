"""Dublin Core as oai_dc prints it: fifteen elements, all of them optional and repeatable."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from harvester.demo.model import OAI_DC

Value = tuple[str, str] | tuple[str, str, str]  # element, text, language of the text


def oai_dc(values: Iterable[Value]) -> str:
    """Give the metadata element; values without text are left out, their order is kept."""
    inside = "".join(_element(*value) for value in values if value[1])
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC.namespace}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xsi:schemaLocation="{OAI_DC.namespace} {OAI_DC.schema}">{inside}</oai_dc:dc>'
    )


def _element(name: str, text: str, language: str = "") -> str:
    lang = f" xml:lang={quoteattr(language)}" if language else ""
    return f"<dc:{name}{lang}>{escape(text)}</dc:{name}>"
