"""A bulletin as HTML: each number leads to the page of its figure; charts are pictures with their table beside them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from html import escape

from zhicheng.engines.bulletins import source_table
from zhicheng.engines.bulletins.document import (
    SOURCES_TITLE,
    Block,
    Chart,
    Document,
    Heading,
    Number,
    PageBreak,
    Run,
    Table,
)
from zhicheng.engines.bulletins.locked import SignedValue

Address = Callable[[SignedValue], str]
Picture = Callable[[int, Chart], str]
_STYLE = """body{font-family:"Noto Serif CJK SC","FangSong","STFangsong",serif;font-size:16px;line-height:1.9;max-width:46em;margin:2em auto;padding:0 1em;color:#1a2330}
h1{text-align:center;font-size:1.6em}h1,h2,h3{font-family:"Noto Sans CJK SC","SimHei",sans-serif}p{text-indent:2em;margin:0 0 .5em}a{color:inherit}
table{border-collapse:collapse;width:100%;font-size:.82em;line-height:1.5;margin:1em 0}th,td{border:1px solid #b8c0cc;padding:.3em .5em;text-align:left}td.num{text-align:right}
figure{margin:1em 0;text-align:center}img{max-width:100%}.note{text-indent:0;color:#5a6675;font-size:.85em}.synthetic{text-indent:0;text-align:center;color:#9a5b00}"""


def html_page(document: Document, *, address: Address, svg: Callable[[Chart], str]) -> str:
    """Write a bulletin as one file that needs nothing beside it.

    Args:
        address: full address of the page of a figure.
        svg: draws a chart.
    """

    def picture(_: int, chart: Chart) -> str:
        return data_uri(svg(chart))

    body = html_body(document, address=address, picture=picture)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(document.title)}</title>'
    return f'<!doctype html>\n<html lang="zh-CN"><head>{head}<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n'


def data_uri(svg: str) -> str:
    """A picture as an address that needs no second file."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def html_body(document: Document, *, address: Address, picture: Picture, sources: bool = True) -> str:
    """Write the body only, to stand inside a page of the site.

    Args:
        address: address of the page of a figure.
        picture: address of the picture of the n-th chart.
        sources: with the source table.
    """
    charts = iter(range(len(document.blocks)))
    parts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Chart):
            parts.append(_chart(block, picture(next(charts), block), address))
        else:
            parts.append(_block(block, address))
    if document.synthetic:
        parts.insert(1, f'<p class="synthetic">{escape(source_table.SYNTHETIC)}</p>')
    if sources:
        parts.append(sources_html(document, address=address))
    return "\n".join(parts)


def sources_html(document: Document, *, address: Address) -> str:
    """The source table; the name of each figure leads to its page."""
    lines = []
    for source, cells in zip(document.sources(), source_table.rows(document), strict=True):
        tds = [escape(cell) for cell in cells]
        tds[1] = f'<a href="{escape(address(source.figure), quote=True)}">{tds[1]}</a>'
        lines.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in tds)}</tr>")
    head = _head(source_table.HEADER)
    table = f"<table><thead>{head}</thead><tbody>{''.join(lines)}</tbody></table>"
    return f'<h2>{escape(SOURCES_TITLE)}</h2>\n{table}\n<p class="note">{escape(source_table.NOTE)}</p>'


def _block(block: Block, address: Address) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{_runs(block.runs, address)}</h{block.level}>"
    if isinstance(block, Table):
        rows = "".join(
            f'<tr><th scope="row">{_runs(row[0], address)}</th>'
            + "".join(f'<td class="num">{_runs(cell, address)}</td>' for cell in row[1:])
            + "</tr>"
            for row in block.rows
        )
        return f"<table><thead>{_head(block.header)}</thead><tbody>{rows}</tbody></table>"
    if isinstance(block, PageBreak | Chart):
        return "<hr>"
    return f"<p>{_runs(block.runs, address)}</p>"


def _chart(block: Chart, src: str, address: Address) -> str:
    pairs = zip(block.labels, block.points, strict=True)
    twin = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="num">{_number(point, address)}</td></tr>'
        for label, point in pairs
    )
    alt = escape(f"{block.title}：{block.summary}", quote=True)
    head = f"<p><b>{escape(block.title)}</b></p>"
    return (
        f'<figure>{head}<img src="{escape(src, quote=True)}" alt="{alt}">'
        f"<details><summary>看表格</summary><table><tbody>{twin}</tbody></table></details></figure>"
    )


def _head(cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in cells) + "</tr>"


def _runs(runs: tuple[Run, ...], address: Address) -> str:
    return "".join(_number(one, address) if isinstance(one, Number) else escape(one.text) for one in runs)


def _number(one: Number, address: Address) -> str:
    figure = one.figure
    tip = f"{figure.name} v{figure.version} {figure.when}"
    if one.quoted_from:
        tip = f"引用：{one.quoted_from}"
    return f'<a href="{escape(address(figure), quote=True)}" title="{escape(tip, quote=True)}">{escape(one.written)}</a>'
