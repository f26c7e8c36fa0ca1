"""The mirror: its schema, its one door for writing, its reports and its pages. It works without a harvester."""
