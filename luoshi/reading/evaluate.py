"""Evaluation: read folders of documents, write their ledgers, score them against gold, compare with the committed figures.

    python -m luoshi.reading.evaluate FOLDER… [--out OUT] [--scorer score.py] [--figures figures.json] [--save] [--all]

A folder holds ``text/`` or ``files/`` (or documents directly) and ``gold/``; a gold file is named like its document. The
scorer is a script with a function ``score(gold, predicted)``, as kept beside the shared corpus.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from luoshi.reading import ReadingError, read

SUFFIXES = (".txt", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".xls", ".et", ".ofd", ".rtf", ".doc", ".png", ".zip")
MEASURES = (
    "tasks",
    "text",
    "section",
    "leader",
    "number",
    "unit",
    "role",
    "deadline",
    "value",
    "target",
    "deliver",
    "meta",
)
Figures = dict[str, float | None]


def documents(folder: Path, suffixes: Sequence[str] = SUFFIXES) -> Iterator[tuple[Path, Path]]:
    """Pairs of document and gold in a folder, in order of name; a document without gold is left out."""
    for place in (folder / "text", folder / "files", folder):
        for path in sorted(place.glob("*")) if place.is_dir() else ():
            gold = folder / "gold" / f"{path.stem}.json"
            if path.suffix.lower() in suffixes and gold.exists():
                yield path, gold


def load_scorer(path: Path) -> ModuleType:
    """The scorer as a module. Raises FileNotFoundError where there is none."""
    if not path.exists():
        raise FileNotFoundError(path)
    spec = importlib.util.spec_from_file_location("luoshi_scorer", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_all(folders: Sequence[Path], out: Path | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Gold and predicted ledgers by document name; a document that cannot be opened is named on stderr and has none."""
    gold: dict[str, Any] = {}
    predicted: dict[str, Any] = {}
    for folder in folders:
        for path, answer in documents(folder):
            gold[path.stem] = json.loads(answer.read_text("utf-8"))
            try:
                ledger = read(path).to_json()
            except ReadingError as error:
                print(f"{path.name}: {error}", file=sys.stderr)
                continue
            predicted[path.stem] = json.loads(ledger)
            if out:
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{path.stem}.json").write_bytes(ledger)
    return gold, predicted


def figures(scorer: ModuleType, gold: dict[str, Any], predicted: dict[str, Any]) -> dict[str, Figures]:
    """Every measure in per cent, by document and for ``all`` together."""
    out = {name: _measures(scorer.score({name: gold[name]}, predicted)) for name in gold}
    out["all"] = _measures(scorer.score(gold, predicted))
    return out


def _measures(scored: dict[str, Any]) -> Figures:
    return {m: None if scored[m].value is None else round(scored[m].value, 1) for m in MEASURES}


def table(now: dict[str, Figures], before: dict[str, Figures]) -> str:
    """Figures as lines; a change since the committed figures stands behind a figure with its sign."""
    width = max(map(len, now))
    lines = [" " * width + "".join(f"{m:>13}" for m in MEASURES)]
    for name, measured in now.items():
        cells = (_cell(measured[m], before.get(name, {}).get(m)) for m in MEASURES)
        lines.append(name.ljust(width) + "".join(cells))
    return "\n".join(lines)


def _cell(value: float | None, was: float | None) -> str:
    if value is None:
        return f"{'–':>13}"
    change = "" if was is None or was == value else f" ({value - was:+.1f})"
    return f"{value:.1f}{change}".rjust(13)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m luoshi.reading.evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, help="write the ledgers here")
    parser.add_argument("--scorer", type=Path, default=Path("../shared/eval/score.py"))
    parser.add_argument("--figures", type=Path, default=Path("benchmarks/reading-figures.json"))
    parser.add_argument("--save", action="store_true", help="write the figures, to be committed")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="print the first N misses")
    options = parser.parse_args(argv)
    try:
        scorer = load_scorer(options.scorer)
    except FileNotFoundError:
        print(f"no scorer at {options.scorer}: nothing scored", file=sys.stderr)
        return 2
    gold, predicted = read_all(options.folders, options.out)
    if not gold:
        print("no document with gold in these folders", file=sys.stderr)
        return 2
    now = figures(scorer, gold, predicted)
    key = "+".join(sorted(folder.name for folder in options.folders))
    kept: dict[str, dict[str, Figures]] = json.loads(options.figures.read_text()) if options.figures.exists() else {}
    print(table(now, kept.get(key, {})))
    print(f"{len(gold)} documents, {len(predicted)} read")
    if options.misses:
        misses: list[str] = []
        scorer.score(gold, predicted, misses)
        print("\n".join(misses[: options.misses]))
    if options.save:
        kept[key] = {"all": now["all"]}
        options.figures.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
