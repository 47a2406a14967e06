"""Text cells into typed columns, column by column; every cell that does not fit says which rule it breaks."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from zhicheng.engines.intake.columns import Column, HeaderMap
from zhicheng.kernel.identifiers import Verdict, validate
from zhicheng.kernel.quantities import QuantityError, parse_quantity

PROBLEM = {"row": pl.Int64, "column": pl.String, "value": pl.String, "level": pl.String, "message": pl.String}
MONEY = pl.Decimal(18, 2)
AMOUNT = pl.Decimal(18, 4)
TYPES = {
    "date": pl.Date(),
    "integer": pl.Int64(),
    "decimal": AMOUNT,
    "money": MONEY,
    "boolean": pl.Boolean(),
    "list": pl.List(pl.String),
}
_FULL = "０１２３４５６７８９．，／－：（）％"
_HALF = "0123456789.,/-:()%"
_BLANKS = ("", "-", "--", "—", "——", "/", "无", "null", "NULL", "None", "N/A", "nan", "NaN")
_YES, _NO = (
    ("是", "有", "1", "true", "True", "TRUE", "Y", "yes", "√"),
    ("否", "无", "0", "false", "False", "FALSE", "N", "no", "×"),
)
_DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_EXCEL_EPOCH = pl.date(1899, 12, 30)
_SUMS = ("合计", "小计", "总计", "共计", "总合计", "本页合计")
_SEPARATORS = r"[;；、|\n]+"


@dataclass(frozen=True)
class Converted:
    """Typed rows and what was wrong with the others.

    Args:
        frame: `__row__` and one typed column for each column asked for; rows with errors are left out.
        problems: row, column label, value, level (error, warning) and message.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame


def convert(rows: pl.DataFrame, mapping: HeaderMap, columns: list[Column]) -> Converted:
    """Type every mapped column; a column the file lacks is null (an empty list for lists)."""
    by_name = {name: header for header, name in mapping.matched.items()}
    typed: list[pl.Series] = [rows["__row__"]]
    problems: list[pl.DataFrame] = _sums(rows)
    for column in columns:
        header = by_name.get(column.name)
        if header is None:
            typed.append(_absent(column, rows.height))
            continue
        cells = _tidied(rows[header])
        values, found = _READERS.get(column.kind, _text)(
            cells, column, mapping.factors.get(column.name, 1), rows["__row__"]
        )
        typed.append(values.alias(column.name))
        problems += [found] if found.height else []
        if column.required:
            empty = rows["__row__"].filter(cells == "")
            if empty.len():
                problems.append(
                    _problems(
                        empty, column, pl.repeat("", empty.len(), eager=True), "error", "必填，不能为空。"
                    )
                )
    frame = pl.DataFrame(typed)
    all_problems = pl.concat(problems) if problems else pl.DataFrame(schema=PROBLEM)
    bad = all_problems.filter(pl.col("level") == "error")["row"].unique()
    return Converted(frame.filter(~pl.col("__row__").is_in(bad.implode())), all_problems.sort("row"))


def _sums(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows that add up the others are no records: their first word says so."""
    heads = [
        pl.col(name).cast(pl.String).str.replace_all(r"[\s\u3000:：]", "")
        for name in [one for one in rows.columns if one != "__row__"][:3]
    ]
    if not heads:
        return []
    first = rows.select(pl.coalesce(pl.when(one != "").then(one) for one in heads)).to_series()
    hit = first.is_in(list(_SUMS)).fill_null(value=False)
    if not hit.any():
        return []
    found, whole = rows["__row__"].filter(hit), Column("", "整行")
    return [_problems(found, whole, first.filter(hit), "error", "这是合计行，不是一条记录；核对后删去即可。")]


def _tidied(cells: pl.Series) -> pl.Series:
    text = cells.cast(pl.String).fill_null("").str.strip_chars(" \t\r\n\u3000\ufeff\u200b'")
    return text.replace(list(_BLANKS), [""] * len(_BLANKS))


def _absent(column: Column, height: int) -> pl.Series:
    kind = TYPES.get(column.kind, pl.String())
    return pl.Series(column.name, [None] * height, dtype=kind)


def _problems(
    rows: pl.Series, column: Column, values: pl.Series, level: str, message: str | pl.Series
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": rows,
            "column": pl.repeat(column.label, rows.len(), eager=True),
            "value": values,
            "level": pl.repeat(level, rows.len(), eager=True),
            "message": message
            if isinstance(message, pl.Series)
            else pl.repeat(message, rows.len(), eager=True),
        },
        schema=PROBLEM,
    )


def _half_width(cells: pl.Series) -> pl.Series:
    if not cells.str.contains("[０-９．，／－：（）％]").any():
        return cells
    return cells.str.replace_many(list(_FULL), list(_HALF))


def _failed(
    values: pl.Series, cells: pl.Series, rows: pl.Series, column: Column, message: str
) -> pl.DataFrame:
    bad = values.is_null() & (cells != "")
    return _problems(rows.filter(bad), column, cells.filter(bad), "error", message)


Reader = Callable[[pl.Series, Column, int, pl.Series], tuple[pl.Series, pl.DataFrame]]


def _text(cells: pl.Series, column: Column, factor: int, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    del factor
    limit = column.max_length
    if not limit:
        return cells, pl.DataFrame(schema=PROBLEM)
    long = cells.str.len_chars() > limit
    found = _problems(
        rows.filter(long), column, cells.filter(long).str.slice(0, 60), "error", f"超过 {limit} 个字。"
    )
    return cells, found


def _date(cells: pl.Series, column: Column, factor: int, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    del factor
    text = _half_width(cells).str.replace(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "")
    frame = text.alias("d").to_frame()
    tried = [pl.col("d").str.to_date(form, strict=False, exact=True) for form in _DAY_FORMATS]
    serial = pl.col("d").str.extract(r"^(\d{5})(?:\.0+)?$", 1).cast(pl.Int32, strict=False)
    from_serial = pl.when(serial.is_between(20_000, 80_000)).then(_EXCEL_EPOCH + pl.duration(days=serial))
    values = frame.select(pl.coalesce(*tried, from_serial.otherwise(None).cast(pl.Date)))["d"]
    values = pl.select(
        pl.when((values.dt.year() >= 1900) & (values.dt.year() <= 2100)).then(values)
    ).to_series()
    return values, _failed(values, cells, rows, column, "不是日期；请写成 2025-03-01。")


def _number(cells: pl.Series, column: Column, factor: int, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    text = (
        _half_width(cells)
        .str.replace_all(r"[,\s￥¥]", "")
        .str.replace(r"^(-?\d+(?:\.\d+)?)(元|件|份|人次|人|个|家)$", "$1")
    )
    target = TYPES[column.kind]
    pattern = r"^-?\d+$" if column.kind == "integer" else r"^-?\d+(\.\d{1,4})?$"
    simple = text.str.contains(pattern) | text.str.contains(r"^-?\d+\.0+$")
    direct = pl.select(pl.when(simple).then(text)).to_series()
    if column.kind == "integer":
        direct = direct.str.replace(r"\.0+$", "")
        values = direct.cast(pl.Int64, strict=False)
        values = values * factor if factor != 1 else values
    else:
        values = direct.cast(AMOUNT, strict=False)
        values = (
            (values * factor).cast(target, strict=False) if factor != 1 else values.cast(target, strict=False)
        )
    odd = values.is_null() & (cells != "")
    if odd.any():
        values = _read_words(values, cells, odd, column, factor)
    return values, _failed(values, cells, rows, column, "不是数；可写 1234.5、1,234、1.1万。")


def _read_words(
    values: pl.Series, cells: pl.Series, odd: pl.Series, column: Column, factor: int
) -> pl.Series:
    read: dict[str, object] = {}
    for word in cells.filter(odd).unique():
        try:
            quantity = parse_quantity(word)
        except QuantityError:
            continue
        if quantity.approx != "exact":
            continue
        amount = quantity.base_value * (factor if quantity.base_value == quantity.value else 1)
        whole = amount == amount.to_integral_value()
        if column.kind != "integer":
            read[word] = amount.quantize(Decimal("0.01") if column.kind == "money" else Decimal("0.0001"))
        elif whole:
            read[word] = int(amount)
    if not read:
        return values
    found = cells.replace_strict(list(read), list(read.values()), default=None, return_dtype=values.dtype)
    return pl.select(pl.coalesce(values, found)).to_series()


def _boolean(
    cells: pl.Series, column: Column, factor: int, rows: pl.Series
) -> tuple[pl.Series, pl.DataFrame]:
    del factor
    words = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    values = cells.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.Boolean)
    return values, _failed(values, cells, rows, column, "请填“是”或“否”。")


def _choice(cells: pl.Series, column: Column, factor: int, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    del factor
    words = {**dict(column.choices), "": ""}
    values = cells.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
    values, read = _read_choices(values, cells, column, rows)
    shown = "、".join(list(dict.fromkeys(word for word in column.choices if not word.isascii()))[:12])
    failed = _failed(values, cells, rows, column, f"不在可选范围内：{shown}。")
    return values, pl.concat([read, failed])


def _entry(cells: pl.Series, column: Column, factor: int, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """An entry of a catalogue or register by its id or name; what is not there names the nearest that is."""
    del factor
    words = {**dict(column.choices), "": ""}
    values = cells.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
    bad = values.is_null() & (cells != "")
    wrong = cells.filter(bad)
    told = {word: _nearest(word, column) for word in wrong.unique()}
    said = wrong.replace_strict(list(told), list(told.values()), return_dtype=pl.String) if told else ""
    return values, _problems(rows.filter(bad), column, wrong, "error", said)


def _nearest(word: str, column: Column) -> str:
    near = difflib.get_close_matches(word, list(column.choices), n=1, cutoff=0.5)
    if not near:
        return f"没有“{word[:60]}”这一项；可填的编号见导入模板的填写说明。"
    stored = column.choices[near[0]]
    also = f"（{near[0]}）" if near[0] != stored else ""
    return f"没有“{word[:60]}”这一项；最接近的是“{stored}”{also}。"


def _read_choices(
    values: pl.Series, cells: pl.Series, column: Column, rows: pl.Series
) -> tuple[pl.Series, pl.DataFrame]:
    """Take a word that a register writes for what the ledger keeps coarser, and say so."""
    odd = values.is_null() & (cells != "")
    read: dict[str, str] = {}
    for word in cells.filter(odd).unique() if column.readings else ():
        for part, stored in column.readings.items():
            if part in word:
                read[word] = stored
                break
    if not read:
        return values, pl.DataFrame(schema=PROBLEM)
    found = cells.replace_strict(list(read), list(read.values()), default=None, return_dtype=pl.String)
    labels = {stored: word for word, stored in column.choices.items() if not word.isascii()}
    hit = odd & cells.is_in(list(read))
    told = cells.filter(hit).replace_strict(
        {word: f"“{word}”按“{labels.get(stored, stored)}”读取，请核对。" for word, stored in read.items()}
    )
    problems = _problems(rows.filter(hit), column, cells.filter(hit), "warning", told)
    return pl.select(pl.coalesce(values, found)).to_series(), problems


def _identifier(
    cells: pl.Series, column: Column, factor: int, rows: pl.Series
) -> tuple[pl.Series, pl.DataFrame]:
    del factor
    words = [word for word in cells.unique().to_list() if word]
    verdicts = {word: _verdict(column.identifier.split("|"), word) for word in words}
    normal = {word: verdict.normal for word, verdict in verdicts.items()} | {"": ""}
    values = cells.replace_strict(list(normal), list(normal.values()), default="", return_dtype=pl.String)
    odd = {word: verdict for word, verdict in verdicts.items() if verdict.level != "ok"}
    if not odd:
        return values, pl.DataFrame(schema=PROBLEM)
    hit = cells.is_in(list(odd))
    where, seen = rows.filter(hit), cells.filter(hit)
    found = _problems(
        where, column, seen, "error", seen.replace_strict({w: v.message for w, v in odd.items()})
    )
    levels = seen.replace_strict({word: verdict.level for word, verdict in odd.items()})
    return values, found.with_columns(levels.alias("level"))


def _verdict(kinds: list[str], word: str) -> Verdict:
    """Judge by the first of several rules that accepts: a patent's class is IPC, a design's Locarno."""
    first = validate(kinds[0], word)
    if first.level == "ok" or len(kinds) == 1:
        return first
    return next((one for kind in kinds[1:] if (one := validate(kind, word)).level == "ok"), first)


def _list(cells: pl.Series, column: Column, factor: int, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    del column, factor, rows
    split = cells.str.replace_all(_SEPARATORS, ";").str.split(";")
    cleaned = split.to_frame("l").select(pl.col("l").list.eval(pl.element().str.strip_chars()))["l"]
    values = cleaned.to_frame("l").select(
        pl.when(pl.lit(cells) == "").then(pl.lit([], pl.List(pl.String))).otherwise(pl.col("l"))
    )
    return values.to_series(), pl.DataFrame(schema=PROBLEM)


_READERS: dict[str, Reader] = {
    "date": _date,
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "boolean": _boolean,
    "choice": _choice,
    "region": _choice,
    "entry": _entry,
    "identifier": _identifier,
    "list": _list,
}
