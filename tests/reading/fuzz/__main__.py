"""``python -m tests.reading.fuzz``: see ``campaign``. A module of its own, as workers import what they run by its name."""

import sys

from tests.reading.fuzz.campaign import main

if __name__ == "__main__":
    sys.exit(main())
