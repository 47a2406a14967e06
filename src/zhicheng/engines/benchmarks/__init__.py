"""对标: which numbers may stand beside each other, what a rank says about the others, which quotes agree."""

from zhicheng.engines.benchmarks.agreeing import Quote, Relation, agree, latest_first, relation
from zhicheng.engines.benchmarks.bounding import Bound, RankPoint, bound_at, value_range
from zhicheng.engines.benchmarks.comparing import Difference, NotComparable, compare, nearest, refuse
from zhicheng.engines.benchmarks.measures import Measure, Period, Words, read_words

__all__ = [
    "Bound",
    "Difference",
    "Measure",
    "NotComparable",
    "Period",
    "Quote",
    "RankPoint",
    "Relation",
    "Words",
    "agree",
    "bound_at",
    "compare",
    "latest_first",
    "nearest",
    "read_words",
    "refuse",
    "relation",
    "value_range",
]
