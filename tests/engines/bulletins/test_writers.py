"""The same document as Markdown, HTML, Word and PDF: every number named in the source table, fonts embedded."""

import zipfile
from io import BytesIO

import pytest
from pypdf import PdfReader

from zhicheng.engines.bulletins import build, parse
from zhicheng.engines.bulletins.charts import chart_png, chart_svg
from zhicheng.engines.bulletins.document import SOURCES_TITLE, Chart
from zhicheng.engines.bulletins.fonts import NoChineseFont, chosen, installed
from zhicheng.engines.bulletins.html import html_page
from zhicheng.engines.bulletins.markdown import markdown
from zhicheng.engines.bulletins.pdf import pdf
from zhicheng.engines.bulletins.plain import spanned_text
from zhicheng.engines.bulletins.word import docx

from .conftest import CITY, DAY

TEXT = """# {{区划}}通稿
## 一、专利
全市共{{patents}}，居{{patents 位次}}，{{patents 同比}}；授信{{credit 格式=亿1}}。
{{表 patents 按=区划}}
{{图 patents 按=年 年数=2}}
{{分页}}
### 其他
产品{{products 格式=多100}}。"""


@pytest.fixture
def document(facts):
    made, _ = build(parse(TEXT), facts=facts, place=CITY, as_of=DAY, synthetic=True)
    return made


def drawn(_chart):
    return "<svg/>"


def test_markdown_ends_with_the_source_table(document):
    text = markdown(document)
    assert "全市共27650件，居全省第三位，同比增长6.3%；授信145.3亿元。" in text
    assert text.index(SOURCES_TITLE) < text.index("57-abc")
    assert "14530000000元" in text
    assert "引用：某报" in text
    assert "演示数据" in text


def test_each_number_of_the_html_leads_to_its_figure(document):
    page = html_page(document, address=lambda one: f"/figures/{one.id}/?region={one.region}&x=1", svg=drawn)
    assert (
        '<a href="/figures/patents/?region=370700&amp;x=1" title="有效发明专利拥有量 v1 截至2025-12-16">27650件</a>'
        in page
    )
    assert page.count('href="/figures/patents/?region=370783') == 2
    assert "data:image/svg+xml;base64," in page


def test_the_spans_of_locked_numbers_cover_them_exactly(document):
    text, spans = spanned_text(document)
    assert [text[start:end] for start, end in spans][:4] == ["27650件", "全省第三位", "6.3%", "145.3亿元"]


def test_the_word_file_names_each_number_in_a_content_control(document):
    with zipfile.ZipFile(BytesIO(docx(document))) as archive:
        xml = archive.read("word/document.xml").decode()
        listed = archive.read("customXml/zhichengNumbers.xml").decode()
        fonts = archive.read("word/fontTable.xml").decode()
        footer = "".join(archive.read(one).decode() for one in archive.namelist() if "footer" in one)
    assert xml.count("<w:sdt>") == listed.count("<number ") == 7
    assert 'w:firstLineChars="200"' in xml
    assert 'w:eastAsia="仿宋_GB2312"' in xml
    assert 'w:altName w:val="Noto Serif CJK SC"' in fonts
    assert "PAGE" in footer
    assert 'descr="有效发明专利拥有量（各年同日）' in xml


def test_the_pdf_embeds_its_chinese_fonts_and_can_be_read_again(document):
    if not any("CJK SC" in one for one in installed()):
        pytest.skip("no CJK font on this machine")
    reader = PdfReader(BytesIO(pdf(document)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "27650" in text.replace(" ", "")
    assert SOURCES_TITLE in text
    fonts = [
        one.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
        for one in font.get_object()["/DescendantFonts"]
    ]
    assert fonts
    assert all("/FontFile3" in one["/FontDescriptor"].get_object() for one in fonts)


def test_without_a_chinese_font_the_pdf_is_refused_in_words(document):
    with pytest.raises(NoChineseFont, match="fonts-noto-cjk"):
        pdf(document, families=frozenset({"DejaVu Sans"}))
    assert chosen(frozenset({"Noto Sans CJK SC"})) == ("Noto Sans CJK SC", "Noto Sans CJK SC")


def test_a_chart_is_drawn_with_the_numbers_as_written(document):
    chart = next(one for one in document.blocks if isinstance(one, Chart))
    svg = chart_svg(chart)
    assert "27650" in svg
    assert "2024" in svg
    assert chart_png(chart, scale=1)[:8] == b"\x89PNG\r\n\x1a\n"
