from dataclasses import dataclass
from typing import Any
@dataclass(frozen=True)
class Change:
    sequence: int
    operation: str
    path: str
    after: Any
    refers_to: int | None = None
def apply(ledger, changes): return ledger
