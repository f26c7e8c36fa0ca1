"""A small OAI-PMH 2.0 provider of our own: three repositories of invented records, for the demo and for the tests."""
