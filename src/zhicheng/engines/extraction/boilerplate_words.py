"""The words and shapes by which a line gives itself away as menu, credit, caption, advertisement or spam."""

from __future__ import annotations

import re

SENTENCE = re.compile(r"[。！？；!?;]")
_PLACE = re.compile(r"(?:当前|您的|你的|您当前|所在|现在的?)[所在]{0,2}位置")
_CRUMBS = re.compile(r"\s*[>›»＞→]\s*")
_MENU_SPLIT = re.compile(r"[\s|｜·/／]+")
_MENU_WORDS = re.compile(
    r"首\s?页|频道|专题|视频|图片|论坛|登录|注册|动态|更多|English|联系我们|关于我们|网站地图|无障碍|客户端|公告|导航"
    r"|政务公开|互动交流|办事服务|新闻中心|要闻|访谈|收藏"
)
_FURNITURE = re.compile(
    r"(?:上一[篇条页]|下一[篇条页]|返回(?:顶部|首页|列表)|打印(?:本页)?|关闭(?:窗口|本页)?|分享到?|收藏|字[号体]|【?大\s*中\s*小|"
    r"点击(?:量|次数|数)|浏览(?:量|次数)|阅读(?:量|次数|数)|评论|(?:热门|网友|最新)?跟[贴帖]|网友评论|我要(?:评论|纠错|分享)|"
    r"扫一扫|加载更多|查看(?:更多|原文|全文|详情)|更多(?:>+|》|…)?$|点赞|展开全文|附件(?:下载)?[:：]?$|标签[:：]|关键[字词][:：]|\[?查看原文|"
    r"责任编辑信箱|纠错|举报|TOP$|首页$)"
)
_FOOTER = re.compile(
    r"版权所有|备案(?:序?号|[:：])|ICP[备证]|公网安备|网站标识码|Copyright|©|技术支持[:：]|未经(?:书面)?(?:授权|许可)|免责声明|"
    r"(?:主办|承办|主管)单位[:：]|增值电信业务|违法和?不良信息举报|许可证编?号|邮编[:：]",
    re.I,
)
_LABELS = (
    r"(?:文章|信息|稿件|新闻)?来源|作者|(?:收集|责任|本期|值班|网络|文字|新媒体)?编辑|责编|(?:发布|更新|发表|发稿)?(?:时间|日期)|"
    r"(?:浏览|点击|阅读)(?:次数|量|数)?|字[号体]|[初终复]?审(?:核|校)?|校对|监制|记者|通讯员|供稿(?:单位|人)?|稿源|摄影|分享到?|打印|撰文|撰稿|编审|统筹|策划|实习生|文号"
)
LABEL = re.compile(rf"(?:{_LABELS})\s*[:：]")
_LABELLED = re.compile(rf"[\[【(（|丨\s]*(?:{_LABELS})\s*[:：]")
_DATE = r"(?:19|20)[0-9]{2}(?:年\s?[0-9]{1,2}月\s?[0-9]{1,2}日?|([-/.])[0-9]{1,2}\2[0-9]{1,2})"
_DATE_LINE = re.compile(
    rf"(?:发布于|发表于)?\s*(?P<date>{_DATE})(?:\s*(?:星期|周)[一二三四五六日天])?(?:\s*[0-2]?[0-9][:：][0-5][0-9](?:[:：][0-5][0-9])?)?"
)
_BYLINE = re.compile(
    r"(?:[\u4e00-\u9fff·]{2,12})?(?:首席|见习|特约|全媒体|融媒体?)*(?:记者|通讯员|特派员|撰稿人)\s*[\u4e00-\u9fff·、\s/]{2,40}"
)
_MEDIUM = re.compile(
    r"[《(（]\s*[\u4e00-\u9fffA-Za-z·]{2,16}(?:报|网|社|杂志|新闻|电视台|客户端|周刊|日报|晚报)\s*[》)）]"
)
_MEDIUM_NAME = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-z·]{1,14}(?:网|报|社|新闻|客户端|电视台|在线|融媒|杂志|局|办|委|厅|政府|中心))?"
)
_DATELINE_ALONE = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:网|社|报|新闻|客户端|电视台)[\u4e00-\u9fff]{0,6}(?:[0-9]{1,2}月[0-9]{1,2}日)?(?:消息|电|讯)\s*(?:[(（][^()（）]{2,20}[)）])?\s*[:：]?"
)
_LINK = re.compile(
    r"\[[^\[\]]{1,20}\]\(https?://\S+\)|(?:原文|链接|网址|原文链接|本文链接)?\s*[:：]?\s*https?://\S+"
)
_CREDIT = re.compile(r"(?:文|图|文图|图文|摄影|撰文|文字|图片)\s*[/／|丨]\s*\S{1,20}")
_CAPTION_START = re.compile(
    r"(?:图为|图[一二三四五六七八九十0-9]{0,2}[:：为]|[▲△↑↓▼]|\[?图\s|图片说明|上图|下图|左图|右图)"
)
_CAPTION_END = re.compile(
    r"(?:摄|供图|摄影|图源.{0,12}|资料图片?|截图|效果图|示意图|(?:现场|会场|合影|一角|全景|剪影|留影|场景)(?:图片?|照片?)?)[)）]?$"
)
_ADDRESS = re.compile(
    r"微信|QQ|热线|电话|扫码|扫描|二维码|公众号|https?://|www\.|报料|爆料|投稿|APP|客户端", re.I
)
_CALL = re.compile(
    r"欢迎|关注|添加|拨打|下载|扫[码描一]|长按|点击|报料|爆料|投稿|咨询|订阅|购买|抢购|领取|加入|酬谢|优惠|报名"
)
_US_AND_YOU = re.compile(r"您|你|我们|本[网报台刊]|小编|客户端|订阅|粉丝")
_RELATED = re.compile(
    r"[【\[(（•·◆■▌|>\s]*(?:相关(?:阅读|新闻|链接|报道|推荐|文章|专题|内容|资讯|信息|稿件)|延伸阅读|(?:推荐|热门|热点|最新|精彩|图片|今日|本周|编辑|为您|猜你)"
    r"(?:阅读|文章|推荐|新闻|资讯|信息|内容|专题|排行|关注|喜欢|评论|回顾|发布|动态|视频|要闻|精选|话题|图文)|更多(?:新闻|精彩|文章|相关\S{0,4})|大家都在看|您?可能(?:感兴趣|还?喜欢)\S{0,4}|"
    r"(?:点击|阅读|新闻)?排行榜?|友情链接|热搜榜?|最热|最新|往期回顾|上一篇|下一篇)[】\]:：)）•·\s>»]*"
)
# 单位：万元 stands above a table and names its unit, never the article
UNIT_LINE = re.compile(r"[（(]?(?:计量)?单位\s?[:：]")
BULLET = re.compile(r"\s*(?:[•·●■◆▪★※▶►]|[0-9]{1,2}[.、．]\s*(?![0-9]))")
_SPAM = re.compile(
    r"日韩|欧美(?!国|市场|地区|等)|无码|中文字幕|久久|少妇|人妻|综合色|色综合|成人(?:电影|视频|网|影)|在线(?:播放|观看|看片|一区|视频)|免费(?:视频|观看|播放|看片)|"
    r"国产(?:精品|自拍|视频|一区)|亚洲(?:精品|综合|美女|一区|资源|成|欧|国产|[aA][vV])|精品(?:国产|视频|久|综合|少|一区)|极品(?:少|美)|[aA][vVⅴ∨](?![a-zA-Z])|人片|啪啪|"
    r"色情|裸聊|约炮|黄色(?:网|视频|电影)|六合彩|百家乐|时时彩|开奖(?:结果|直播)|(?:博彩|赌博|娱乐城|棋牌|彩票)(?:网|平台|游戏|开户|官网)|老虎机|真人(?:娱乐|荷官)|"
    r"代开发?票|代办(?:证|文凭)|办证刻章|私服|壮阳|丰胸|刷单兼职|秒批贷款|外挂下载|在线一区|资源站|午夜(?:福利|影院|剧场)?"
)


def menu(text: str, *, outside: bool) -> str:
    """The reason a line is a menu or breadcrumb, empty when it is none.

    Args:
        outside: the line stands before or after the article, where rows of short words are menus.
    """
    if _PLACE.search(text) and len(text) < 80:
        return "当前位置导航"
    parts = _CRUMBS.split(text)
    short = len(text) < 80 and all(len(part) <= 16 for part in parts) and not SENTENCE.search(text)
    # "a > b" may be a comparison; a trail has three steps or begins at home
    if short and (len(parts) >= 3 or (len(parts) == 2 and _MENU_WORDS.match(parts[0]))):
        return "面包屑导航"
    words = [word for word in _MENU_SPLIT.split(text) if word]
    if len(words) < 3 or SENTENCE.search(text) or any(len(word) > 9 for word in words):
        return ""
    told = len(_MENU_WORDS.findall(text))
    figures = any(char.isdigit() for char in text)
    if told >= 2 or (told and outside) or (outside and len(words) >= 5 and not figures):
        return "栏目菜单"
    return ""


def furniture(text: str) -> str:
    """The reason a short line is part of the page and not of the article."""
    if len(text) <= 30 and _FURNITURE.match(text) and not SENTENCE.search(text):
        return "页面按钮或计数"
    if _LINK.fullmatch(text):
        return "网页链接"
    if len(text) <= 200 and len(_FOOTER.findall(text)) >= (1 if len(text) <= 60 else 2):
        return "版权与备案信息"
    return ""


def imprint(text: str) -> bool:
    """Whether a line is the article's imprint: source, date, author, editor."""
    if len(text) > 120 or "。" in text:
        return False
    if _DATE_LINE.fullmatch(text) or _LABELLED.match(text) or _MEDIUM.fullmatch(text):
        return True
    if len(text) <= 40 and (_BYLINE.fullmatch(text) or _CREDIT.match(text)):
        return True
    if len(text) <= 30 and _DATELINE_ALONE.fullmatch(text):
        return True
    dated = _DATE_LINE.search(text)
    if not dated:
        return False
    # a date beside nothing but the name of a medium or office: 2025-05-07 11:12 某某网
    rest = text[: dated.start()] + " " + text[dated.end() :]
    return bool(LABEL.search(text) or _MEDIUM_NAME.fullmatch(rest.strip(" |｜丨-—·\t")))


def caption(text: str) -> bool:
    """Whether a line says of itself that it describes a picture."""
    if len(text) > 80:
        return False
    if _CAPTION_START.match(text):
        return True
    return (
        len(text) <= 40 and not SENTENCE.search(text[:-1]) and bool(_CAPTION_END.search(text.rstrip("。 ")))
    )


def advertisement(text: str) -> bool:
    """Whether a line asks the reader to follow, call, scan or buy."""
    if len(text) > 160 or text.count("。") >= 2:
        return False
    bracketed = text[:1] in "【[（(" and text[-1:] in "】]）)"
    addressed = bracketed or bool(_US_AND_YOU.search(text))
    return addressed and bool(_ADDRESS.search(text)) and bool(_CALL.search(text))


def related_heading(text: str) -> bool:
    """Whether a line heads a list of other articles."""
    return len(text) <= 20 and bool(_RELATED.fullmatch(text))


def spam_hits(text: str) -> list[int]:
    """Where words of adult, gambling and fraud spam stand."""
    return [one.start() for one in _SPAM.finditer(text)]
