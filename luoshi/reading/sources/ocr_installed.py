"""Whether the parts that read pictures are installed, and how to get them."""

from __future__ import annotations

import importlib.util

HOW = 'pip install "luoshi[ocr]"'


def is_installed() -> bool:
    """Whether the extra ``ocr`` is there. Looks for its parts without importing them, which takes seconds."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))
