"""oai-mirror: harvest OAI-PMH repositories into one SQLite mirror whose flags show their evidence."""

__version__ = "0.1.0"
