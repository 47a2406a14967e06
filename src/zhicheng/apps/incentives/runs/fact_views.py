"""Each fact of a policy as a question to the ledger's tables: declared here and nowhere else.

A fact is known by what it is in the world (award, round, object; standard and rank; contract), never by a row number:
the same thing imported again, or under a firm's former name, stays one fact.
"""

from __future__ import annotations

# ruff: noqa: S608 - the questions are written here, table names are filled in from a snapshot's folder
from dataclasses import dataclass

# who an organisation is, whatever it was called: its code, else its ledger id, else the words of the record
WHO = "coalesce(nullif(o.uscc, ''), 'id:' || o.id, nullif(r.{code}, ''), nullif(r.{name}, ''))"
PRIVATE = "('', 'enterprise', 'bank', 'agency', 'self_employed', 'cooperative')"
# roles that bar a payment instead of earning one; the negative list knows them by the same name
REPROACHES = "('dishonest', 'quality_accident')"
KIND = f"case when coalesce(o.kind, '') in {PRIVATE} then 'enterprise' else 'institution' end"
JOINED = "left join {ledger_organisation} o on o.id = r.organisation_id"


def _who(name: str, code: str = "uscc") -> str:
    return WHO.format(name=name, code=code)


@dataclass(frozen=True)
class FactView:
    """One fact: the tables it reads, the question, and the record type its rows open to."""

    tables: tuple[str, ...]
    sql: str
    record_type: str = ""
    once: str = "fact, coalesce(organisation, person)"  # rows alike in these words are one fact


HONOURS = f"""
select r.id as record, r.region_code as region, nullif(r.holder_kind, '') as holder_kind,
  r.scheme_code || '/' || r.tier || '·' || coalesce('第' || r.round || '届', cast(year(r.granted_on) as varchar), '')
    || coalesce('·' || nullif(r.object_number, ''), '·' || nullif(r.object_name, ''), '') as fact,
  case when r.holder_kind = 'person' then null else {_who("holder_name")} end as organisation,
  case when r.holder_kind = 'person' then nullif(r.holder_name, '') end as person,
  r.scheme_code || '/' || r.tier as honour, r.granted_on, r.revoked_on,
  coalesce(nullif(r.object_number, ''), nullif(r.object_name, '')) as object, r.round, r.level
from {{ledger_honourgrant}} r {JOINED} order by r.revoked_on is null, r.id
"""
STANDARDS = f"""
select s.id as record, coalesce(nullif(o.region_code, ''), s.region_code) as region, {KIND} as holder_kind,
  s.number || '·第' || r.position || '起草单位' as fact, {_who("name")} as organisation, s.level, r.position as rank,
  regexp_replace(regexp_replace(s.number, '[-—–]\\d{{{{4}}}}$', ''), '\\.\\d+$', '') as series,
  s.published_on, s.abolished_on
from {{ledger_standarddrafter}} r join {{ledger_standard}} s on s.id = r.standard_id {JOINED} order by r.id
"""
PLEDGES = f"""
select r.id as record, r.region_code as region, {KIND} as holder_kind, r.number as fact,
  {_who("pledgor")} as organisation, r.amount as principal, r.number as loan, r.released_on as repaid_on
from {{utilization_pledgeregistration}} r {JOINED} where r.revoked_on is null order by r.id
"""
LICENCES = f"""
select r.id as record, r.region_code as region, {KIND} as holder_kind, r.number as fact,
  {_who("licensor")} as organisation, r.number as contract, r.amount, r.recorded_on
from {{utilization_licence}} r {JOINED} order by r.id
"""
TRANSFERS = f"""
select r.id as record, r.region_code as region, {KIND} as holder_kind, r.number as fact,
  {_who("assignor")} as organisation, r.number, r.kind, r.amount, r.effective_on
from {{utilization_transfer}} r {JOINED} order by r.id
"""
# a right is over when its last event ended it; a restoration takes an end back
ENDED = """
(select patent_id, max(on_date) filter (kind <> 'restored') as ended_on, max(on_date) filter (kind = 'restored') as back_on
 from {ledger_patentevent} group by patent_id)
"""
PATENTS = f"""
select p.id as record, coalesce(nullif(r.region_code, ''), p.region_code) as region, {KIND} as holder_kind,
  p.application_number as fact, {_who("name")} as organisation, p.application_number as number, p.kind, p.granted_on,
  case when e.back_on is null or e.back_on < e.ended_on then e.ended_on end as ended_on
from {{ledger_patent}} p join {{ledger_patentowner}} r on r.patent_id = p.id and r.position = 1 {JOINED}
left join {ENDED} e on e.patent_id = p.id where p.granted_on is not null order by r.until_on is not null, r.id
"""
OWNERS = f"""
select p.application_number as fact, {_who("name")} as beneficiary, {KIND} as kind
from {{ledger_patentowner}} r join {{ledger_patent}} p on p.id = r.patent_id {JOINED}
where p.granted_on is not null and r.until_on is null
"""
OVERSEAS = f"""
select r.id as record, r.region_code as region, {KIND} as holder_kind, r.madrid_number as fact,
  {_who("owner_name")} as organisation, 'madrid' as kind, r.madrid_number as family,
  r.madrid_registered_on as granted_on, r.ended_on as invalidated_on
from {{ledger_trademark}} r {JOINED} where coalesce(r.madrid_number, '') <> '' order by r.id
"""
VISITS = f"""
select r.id as record, r.region_code as region, {KIND} as holder_kind, r.number as fact,
  {_who("organisation_name")} as organisation, r.number, r.programme, r.visited_on
from {{public_service_visit}} r {JOINED} where r.cancelled_on is null order by r.id
"""
DESIGNATIONS = f"""
select r.id as record, r.region_code as region, {KIND} as holder_kind,
  r.role || '·' || coalesce(cast(year(r.from_on) as varchar), '') as fact, {_who("organisation_name")} as organisation,
  r.role as designation, cast(null as varchar) as level, r.from_on as designated_on, r.until_on as ended_on
from {{ledger_organisationrole}} r {JOINED} where r.role not in {REPROACHES}
union all
select r.id, r.region_code, {KIND}, r.programme || '·' || coalesce(cast(year(r.designated_on) as varchar), ''),
  {_who("subject")}, r.programme, r.level, r.designated_on, coalesce(r.revoked_on, r.ends_on)
from {{administration_programmedesignation}} r {JOINED}
"""
RIGHTS_CASES = f"""
select c.id as record, c.region_code as region, {KIND} as holder_kind, c.number as fact, {_who("name")} as organisation,
  c.number as case_number, c.closed_on
from {{cases_case}} c join {{cases_caseparty}} r on r.case_id = c.id and r.role = 'applicant' {JOINED}
where c.matter in ('rights_assistance', 'overseas_assistance') order by r.id
"""
# an abnormal filing is listed on its day; how long it counts is the clause's own number of years
NEGATIVE_LIST = f"""
select {_who("organisation_name")} as beneficiary, r.role as kind, r.from_on, r.until_on
from {{ledger_organisationrole}} r {JOINED} where r.role in {REPROACHES}
union all
select {_who("name")}, 'abnormal_patent', p.abnormal_on, p.abnormal_on
from {{ledger_patentowner}} r join {{ledger_patent}} p on p.id = r.patent_id {JOINED} where p.abnormal_on is not null
"""
RECEIVED = f"""
select {_who("payee_name")} as beneficiary, '' as clause, r.matter, nullif(r.object_number, '') as object, r.level,
  r.amount, r.paid_on
from {{incentives_receivedpayment}} r {JOINED}
"""
ORGANISATIONS = """
select coalesce(nullif(uscc, ''), 'id:' || id) as organisation, region_code as region, name, industry_code, size
from {ledger_organisation}
"""
ORG = "ledger_organisation"
VIEWS: dict[str, FactView] = {
    "honours": FactView(("ledger_honourgrant", ORG), HONOURS, "honours"),
    "standards": FactView(("ledger_standard", "ledger_standarddrafter", ORG), STANDARDS, "standards"),
    "pledges": FactView(("utilization_pledgeregistration", ORG), PLEDGES, "pledges"),
    "licences": FactView(("utilization_licence", ORG), LICENCES, "licences"),
    "transfers": FactView(("utilization_transfer", ORG), TRANSFERS, "transfers"),
    "patents_granted": FactView(
        ("ledger_patent", "ledger_patentowner", "ledger_patentevent", ORG), PATENTS, "patents", once="fact"
    ),
    "overseas_rights": FactView(("ledger_trademark", ORG), OVERSEAS, "trademarks"),
    "visits": FactView(("public_service_visit", ORG), VISITS, "visits"),
    "designations": FactView(
        ("ledger_organisationrole", "administration_programmedesignation", ORG), DESIGNATIONS
    ),
    "rights_cases": FactView(("cases_case", "cases_caseparty", ORG), RIGHTS_CASES, "cases"),
    "owners": FactView(("ledger_patent", "ledger_patentowner", ORG), OWNERS, once=""),
    "negative_list": FactView(
        ("ledger_organisationrole", "ledger_patent", "ledger_patentowner", ORG), NEGATIVE_LIST, once=""
    ),
    "payments": FactView(("incentives_receivedpayment", ORG), RECEIVED, once=""),
    "organisations": FactView((ORG,), ORGANISATIONS, once=""),
}
