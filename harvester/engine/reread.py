"""Reading a stored record again: when the clock moved, or when the rules did. Pure; nothing is asked of any server.

stored forms and page -> opened -> read_whole
"""

from datetime import date

from harvester.engine.whole import of_stored, read_whole
from harvester.reading.profile import Profile
from mirror_db.model import MirrorRecord
from mirror_db.stored import Stored


def read_again(stored: Stored, profile: Profile, today: date) -> MirrorRecord | None:
    """Read a stored record by today's rules; None where no form of it can be read any more."""
    whole = of_stored(stored)
    return read_whole(whole, profile=profile, today=today) if whole.forms else None
