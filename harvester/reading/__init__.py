"""From a raw record to the mirror's record: pure, without network, clock or database."""
