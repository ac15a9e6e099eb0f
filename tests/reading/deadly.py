"""Work for bulk's workers that ends the process at certain documents: what a fault in a C library or the lack of memory does."""

from __future__ import annotations

import os
import signal

from luoshi.reading.bulk.shard import Document, Reading


class Deadly(Reading):
    """Reads as usual, but dies at a document whose path says so."""

    def _read(self, document: Document):
        if "deadly" in document.path:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._read(document)
