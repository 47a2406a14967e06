-- handbooks: 一行一册

-- one_enterprise_one_policy_handbooks v1 (flow) “一企一策”培育手册
count(distinct enterprise) filter (where (kind = 'one_enterprise_one_policy' AND (withdrawn_on IS NULL OR withdrawn_on > $as_of)) and issued_on between $start and $as_of and region_from <= issued_on and region_until > issued_on);
