"""The one import of sickle: what the rest of `oai` builds on, without the noise of its old string escapes and without its transport."""

import warnings

from harvester.postponed import postponed

_TRANSPORT = (
    "requests"  # sickle's own way to ask, never used here: importing it is a tenth of the start of every command
)

with warnings.catch_warnings(), postponed(_TRANSPORT):
    warnings.simplefilter("ignore")  # an interpreter that compiles sickle anew warns of its regular expressions
    from sickle import OAIResponse, Sickle, models, oaiexceptions
    from sickle.iterator import OAIItemIterator

__all__ = ["OAIItemIterator", "OAIResponse", "Sickle", "models", "oaiexceptions"]
