"""What OCR was not sure of, as doubts at their places: few enough that somebody looks at each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from luoshi.reading.ledger import Block, Doubt, Span

CODE = "ocr-unsure"
MOST = 60  # of a document; a scan with more has to be compared as a whole
_NEAR = 2  # characters apart that are looked at together


def unsure_doubts(blocks: Sequence[Block], unsure: Mapping[int, tuple[int, ...]]) -> Iterator[Doubt]:
    """Doubts about characters of blocks: letters and figures only, since the width of a mark changes nothing."""
    spans = [
        Span(n, first, last)
        for n, places in sorted(unsure.items())
        for first, last in _stretches(place for place in sorted(places) if blocks[n].text[place].isalnum())
    ]
    for span in spans[:MOST]:
        page = blocks[span.block].origin.page
        words = blocks[span.block].text[span.start : span.end]
        where = f"第{page}页" if page else ""
        yield Doubt(code=CODE, message=f"{where}“{words}”识读没有把握，请对照页面图核对。", at=span)
    if len(spans) > MOST:
        yield Doubt(code=CODE, message=f"还有{len(spans) - MOST}处识读没有把握；扫描件可能不清楚，请全文对照核对。")


def _stretches(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Places close together as one: first character, character after the last."""
    first = last = -9
    for place in places:
        if place - last > _NEAR:
            if first >= 0:
                yield first, last + 1
            first = place
        last = place
    if first >= 0:
        yield first, last + 1
