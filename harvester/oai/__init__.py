"""The OAI-PMH 2.0 protocol: requests, strict parsing, the walk along a list, dates. Knows nothing of HTTP or the mirror."""
