"""The article is told from what stands around it, and says of itself only what is written."""

from __future__ import annotations

from datetime import date

from tests.engines.extraction.short import taken
from zhicheng.engines.extraction.repairing import read_bytes, read_text

BODY = (
    "石屏市知识产权大会3月2日召开，会议要求各部门完善知识产权服务体系，全市有效发明专利达到1200件。\n"
    "会议指出，要加强知识产权保护，提升专利质量，支持企业开展专利转化运用，办理专利权质押登记35笔。\n"
)


def cut_words(reading):
    return {one.kind: reading.raw[one.start : one.end] for one in reading.cuts}


def test_menus_imprint_related_links_and_spam_are_cut_and_kept_in_the_log():
    raw = (
        "首页 新闻 政务 服务 互动 专题 数据\n当前位置：首页 > 新闻 > 要闻\n石屏市召开知识产权大会\n"
        f"来源：石屏日报 2031-03-03\n{BODY}责任编辑：李乙\n扫描二维码关注我们的公众号\n相关阅读\n"
        "• 东湾市发明专利达到9800件 居全省第一\n• 西岭市专利质押突破50亿元\n"
    )
    reading = read_text(raw)
    assert reading.article.title == "石屏市召开知识产权大会"
    assert "1200" in reading.text
    assert not any(word in reading.text for word in ("东湾", "9800", "50亿", "首页", "二维码", "责任编辑"))
    assert {"navigation", "related", "advertisement"} <= set(cut_words(reading))
    # nothing is lost: what is not in the text is in the log
    assert any("9800" in reading.raw[one.start : one.end] for one in reading.cuts)


def test_a_sidebar_about_another_city_gives_no_figure():
    raw = (
        "<html><body><div class='sidebar'><p>东湾市有效发明专利拥有量9800件，居全省第一位，同比增长20%。</p></div>"
        f"<h1>石屏市召开知识产权大会</h1><div class='content'><p>{BODY.strip().replace(chr(10), '</p><p>')}</p></div></body></html>"
    )
    assert [one.value for one in taken(raw).figures if one.kind == "metric"] == ["1200", "35"]


def test_spam_glued_behind_the_article_is_cut():
    raw = f"{BODY}\n欧美色情在线视频 | 澳门博彩平台开户 | 成人网站免费观看 | 国产精品在线\n"
    reading = read_text(raw)
    assert "博彩" not in reading.text
    assert cut_words(reading).get("spam")


def test_title_publisher_date_author_and_region_come_from_the_text():
    about = read_text(f"石屏市召开知识产权大会\n来源：石屏日报 2031-03-03 记者：林甲\n{BODY}").article
    assert (about.title, about.publisher, about.published_on) == (
        "石屏市召开知识产权大会",
        "石屏日报",
        date(2031, 3, 3),
    )
    assert about.author == "林甲"
    assert about.event_on == date(2031, 3, 2)


def test_a_year_that_the_text_does_not_give_stays_unknown():
    about = read_text(f"石屏市召开知识产权大会\n{BODY}").article
    assert (about.year, about.event_on, about.published_on) == (None, None, None)
    assert "年份未知" in about.year_reason


def test_a_guess_of_the_year_is_labelled_with_its_reason_and_used_for_nothing():
    text = f"石屏市召开知识产权大会\n{BODY}2029年度的考核结果在会上通报。\n"
    found = taken(text)
    about = found.reading.article
    assert about.year is None
    assert "推测为 2029 年" in about.year_reason
    assert all(one.period is None or one.period.end is None for one in found.figures)


def test_the_region_is_the_one_the_article_is_about_not_one_that_is_mentioned():
    text = "潍坊市召开会议\n潍坊市知识产权局介绍，学习宁波经验，全市办理专利权质押登记35笔，宁波企业应邀参加了会议。\n"
    found = taken(text)
    assert found.reading.article.region_code == "370700"
    assert found.figures[0].region_code == "370700"


def test_a_place_inside_the_name_of_a_meeting_is_no_region():
    text = "河北省深入学习中国质量(杭州)大会精神，11月22日，河北省召开质量大会，河北省市场监管局通报情况。"
    assert {one.region for one in taken(text).figures} == {"河北省"}


def test_an_html_page_declares_its_source_in_its_head():
    page = (
        '<html><head><meta name="source" content="石屏日报"><meta name="pubdate" content="2031-03-03"><title>石屏市召开知识产权大会_石屏网</title>'
        f"</head><body><p>{BODY}</p></body></html>"
    )
    about = read_bytes(page.encode(), name="页.html").article
    assert (about.publisher, about.published_on, about.title) == (
        "石屏日报",
        date(2031, 3, 3),
        "石屏市召开知识产权大会",
    )
