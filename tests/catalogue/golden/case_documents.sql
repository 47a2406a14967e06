-- case_documents: 一行一份文书，区划随案件

-- admin_adjudication_decisions v1 (flow) 行政裁决书
count(*) filter (where (kind = 'decision' AND (revoked_on IS NULL OR revoked_on > $as_of)) and issued_on between $start and $as_of and region_from <= issued_on and region_until > issued_on);
