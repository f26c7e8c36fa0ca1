"""The only wiring: open what is needed, hand it to the engine, close it."""
