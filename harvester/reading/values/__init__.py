"""Normalising single values of Dublin Core, one module per kind; every rule is in the specification `dublin-core.md`."""
