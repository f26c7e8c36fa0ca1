"""The steps as sqlite-utils' migrations: what an older file is brought up to date with. It takes a twentieth of a second to import."""

from sqlite_utils import Migrations

from mirror_db.migrations import MIGRATION_SET
from mirror_db.migrations.steps import STEPS

MIGRATIONS = Migrations(MIGRATION_SET)
for _step in STEPS:
    MIGRATIONS()(_step)
