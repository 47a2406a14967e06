"""A bulletin as running text, and where in it the locked numbers stand."""

from __future__ import annotations

from zhicheng.engines.bulletins.document import Chart, Document, Number, PageBreak, Run, Table

Span = tuple[int, int]


def plain_text(document: Document) -> str:
    """The running text alone, one paragraph a line, as a reader would copy it."""
    return spanned_text(document)[0]


def spanned_text(document: Document) -> tuple[str, tuple[Span, ...]]:
    """The running text and the spans of its locked numbers, end exclusive."""
    parts: list[str] = []
    spans: list[Span] = []
    size = 0

    def add(text: str, *, locked: bool = False) -> None:
        nonlocal size
        if locked:
            spans.append((size, size + len(text)))
        parts.append(text)
        size += len(text)

    def runs(given: tuple[Run, ...]) -> None:
        for one in given:
            add(one.written if isinstance(one, Number) else one.text, locked=isinstance(one, Number))

    for block in document.blocks:
        if isinstance(block, PageBreak):
            continue
        if isinstance(block, Table):
            add("\t".join(block.header))
            for row in block.rows:
                add("\n")
                for at, cell in enumerate(row):
                    add("\t" if at else "")
                    runs(cell)
        elif isinstance(block, Chart):
            add(f"{block.title}：")
            add(block.summary, locked=True)
        else:
            runs(block.runs)
        add("\n")
    return "".join(parts), tuple(spans)
