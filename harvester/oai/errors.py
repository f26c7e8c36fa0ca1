"""sickle's exception vocabulary, for the places where an OAI error ends what was begun, and two words of our own beside it."""

from harvester.oai.page import OaiError
from harvester.oai.sickled import oaiexceptions

_CLASSES: dict[str, type[Exception]] = {
    "badArgument": oaiexceptions.BadArgument,
    "badVerb": oaiexceptions.BadVerb,
    "badResumptionToken": oaiexceptions.BadResumptionToken,
    "cannotDisseminateFormat": oaiexceptions.CannotDisseminateFormat,
    "idDoesNotExist": oaiexceptions.IdDoesNotExist,
    "noSetHierarchy": oaiexceptions.NoSetHierarchy,
    "noMetadataFormats": oaiexceptions.NoMetadataFormat,
    "noRecordsMatch": oaiexceptions.NoRecordsMatch,
}


class Incomplete(oaiexceptions.OAIError):  # type: ignore[misc]
    """A list broke off before its end was proven; what was given so far stands."""


class Unreadable(oaiexceptions.OAIError):  # type: ignore[misc]
    """The answer is no OAI-PMH document; `kind` is that of `NotOai`."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def exception_of(error: OaiError) -> Exception:
    """Give the exception that an error element means; `OAIError` for a code that the specification does not know."""
    known = _CLASSES.get(error.code)
    return known(error.text) if known else oaiexceptions.OAIError(f"{error.code}: {error.text}")
