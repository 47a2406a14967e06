"""The SQL that lays a fact out by region: each row at county, city and province level, spans merged."""

from __future__ import annotations

from zhicheng.engines.facts.definition import Fact

FIRST, LAST = "date '0001-01-01'", "date '9999-12-31'"


def materialise_sql(fact: Fact) -> str:
    """Return the SELECT that makes the fact's rows from snapshot tables.

    A row that two counties share stands once in each of them and once in their city, so that no count needs
    to look for doubles; spans of one row in one region that touch or overlap are one span.
    """
    belongs = (
        fact.belongs
        or f"select row_key, region_code, null::date as from_on, null::date as until_on from ({fact.prepare})"
    )
    return f"""
with base as ({fact.prepare}),
placed as (
  select row_key, region_code, coalesce(from_on, {FIRST}) as from_on, coalesce(until_on, {LAST}) as until_on
  from ({belongs}) where coalesce(region_code, '') <> ''
),
levels as (
  select row_key, region_code as region, from_on, until_on from placed
  union all select row_key, substr(region_code, 1, 4) || '00', from_on, until_on from placed
  union all select row_key, substr(region_code, 1, 2) || '0000', from_on, until_on from placed
),
-- most rows stay where they are for good: they need no look at spans
whole as (
  select distinct row_key, region from levels where from_on = {FIRST} and until_on = {LAST}
),
partial as (
  select * from levels anti join whole using (row_key, region) where not (from_on = {FIRST} and until_on = {LAST})
),
opened as (
  select *, max(until_on) over (
    partition by row_key, region order by from_on, until_on rows between unbounded preceding and 1 preceding
  ) as reached from partial
),
numbered as (
  select *, sum(case when reached is null or reached < from_on then 1 else 0 end)
    over (partition by row_key, region order by from_on, until_on rows unbounded preceding) as island from opened
),
spans as (
  select row_key, region, {FIRST} as region_from, {LAST} as region_until from whole
  union all
  select row_key, region, min(from_on), max(until_on) from numbered group by row_key, region, island
)
select base.* exclude (region_code), spans.region, spans.region_from, spans.region_until
from base join spans using (row_key)
order by spans.region
""".strip()
