"""Build hook: compile the translations, and refuse to build a wheel that would give a site without its styles.

Also a script: ``python hatch_build.py`` only compiles the translations, as ``make`` does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
FRONT_END = ROOT / "luoshi/ui/static/build"


def compile_translations(root: Path = ROOT) -> list[Path]:
    """Write a .mo beside every .po of the package that is newer than it; the files written."""
    written = []
    for po in sorted((root / "luoshi").rglob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))
            written.append(mo)
    return written


class LuoshiBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatch collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile translations; stop a real build whose front end was not built (an editable one may go on)."""
        compile_translations(Path(self.root))
        built = Path(self.root) / FRONT_END.relative_to(ROOT)
        if version != "editable" and not any(built.rglob("*.css")):
            raise RuntimeError(f"The front end is not built ({FRONT_END.relative_to(ROOT)}): run `make static` first.")


if __name__ == "__main__":
    for path in compile_translations():
        print(f"compiled {path.relative_to(ROOT)}")
