"""What was agreed: TOML and environment to settings, settings to sources."""

from harvester.config.faults import ConfigError, Fault
from harvester.config.load import Loaded, load
from harvester.config.settings import Settings
from harvester.config.sources import select, source_of

__all__ = ["ConfigError", "Fault", "Loaded", "Settings", "load", "select", "source_of"]
