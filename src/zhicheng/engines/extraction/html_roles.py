"""What the elements and class names of a page say about the part they hold."""

from __future__ import annotations

import re

from zhicheng.engines.extraction.html_tokens import Tag

BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"]
)  # fmt: skip
RAW_TEXT = frozenset(("script", "style", "textarea", "noscript", "xmp"))
SKIPPED = RAW_TEXT | frozenset(("svg", "iframe", "select", "button", "template", "object", "canvas", "math"))
_BY_NAME = {
    "nav": "navigation",
    "footer": "navigation",
    "aside": "related",
    "figcaption": "caption",
    "title": "page_title",
    "a": "link",
    "td": "cell",
    "th": "cell",
    "h1": "heading",
    "h2": "subheading",
    "h3": "subheading",
}
# class and id names are words joined by - and _ or by capitals
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BY_CLASS = {
    "navigation": frozenset(
        [
            "nav",
            "navbar",
            "navigation",
            "menu",
            "breadcrumb",
            "breadcrumbs",
            "crumb",
            "crumbs",
            "footer",
            "foot",
            "copyright",
            "toolbar",
            "share",
            "login",
            "topbar",
            "pagination",
            "pager",
        ]
    ),
    "related": frozenset(
        [
            "sidebar",
            "related",
            "relate",
            "recommend",
            "recommended",
            "hot",
            "rank",
            "ranking",
            "comment",
            "comments",
            "tuijian",
        ]
    ),
    "advertisement": frozenset(
        ["ad", "ads", "advert", "advertisement", "banner", "sponsor", "promo", "qrcode", "guanggao"]
    ),
    "caption": frozenset(["caption", "figcaption"]),
}
_NEVER = frozenset(("html", "body", "main", "article"))


def role_of(tag: Tag) -> str:
    """The role of the part that an element opens, empty when it says nothing."""
    known = _BY_NAME.get(tag.name)
    if known:
        return known
    if tag.name in _NEVER or not tag.inside:
        return ""
    names = f"{tag.attribute('class')} {tag.attribute('id')}"
    words = {word.lower() for word in _WORDS.findall(names[:200])}
    return next((role for role, told in _BY_CLASS.items() if words & told), "")
