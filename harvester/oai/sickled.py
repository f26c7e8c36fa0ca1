"""The one import of sickle: what the rest of `oai` builds on, brought in without the noise of its old string escapes."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # an interpreter that compiles sickle anew warns of its regular expressions
    from sickle import OAIResponse, Sickle, models, oaiexceptions
    from sickle.iterator import OAIItemIterator

__all__ = ["OAIItemIterator", "OAIResponse", "Sickle", "models", "oaiexceptions"]
