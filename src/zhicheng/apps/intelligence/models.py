"""What the room stores: texts read, figures found in them, what people made of those, what is watched, bulletins."""

from zhicheng.apps.intelligence.article_models import Article, FoundFigure, NewsBatch, PersonLink
from zhicheng.apps.intelligence.bulletin_models import Bulletin, BulletinVersion
from zhicheng.apps.intelligence.quote_models import PhraseAlias, QuotedFigure, WatchedIndicator, WatchedRegion

__all__ = [
    "Article",
    "Bulletin",
    "BulletinVersion",
    "FoundFigure",
    "NewsBatch",
    "PersonLink",
    "PhraseAlias",
    "QuotedFigure",
    "WatchedIndicator",
    "WatchedRegion",
]
