"""The shortest harvest with oaipmh-scythe: every record is met, nothing is kept. Usage: scythe_loop.py URL ..."""

import sys

from oaipmh_scythe import Scythe

total = 0
for url in sys.argv[1:]:
    with Scythe(url) as scythe:
        for _ in scythe.list_records(metadata_prefix="oai_dc"):
            total += 1
print(total)
