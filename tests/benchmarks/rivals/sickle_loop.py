"""The shortest harvest with sickle: every record is met, nothing is kept. Usage: sickle_loop.py URL ..."""

import sys

from sickle import Sickle

total = 0
for url in sys.argv[1:]:
    for _ in Sickle(url).ListRecords(metadataPrefix="oai_dc"):
        total += 1
print(total)
