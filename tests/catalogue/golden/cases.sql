-- cases: 一行一件案件

-- admin_adjudication_cases v1 (flow) 专利纠纷行政裁决案件
count(*) filter (where (matter = 'admin_adjudication') and accepted_on between $start and $as_of and region_from <= accepted_on and region_until > accepted_on);

-- mediated_disputes v1 (flow) 调解知识产权纠纷
count(*) filter (where (matter = 'mediation' AND outcome = 'mediated') and closed_on between $start and $as_of and region_from <= closed_on and region_until > closed_on);

-- mediation_closed v1 (flow) 办结调解案件
count(*) filter (where (matter = 'mediation') and closed_on between $start and $as_of and region_from <= closed_on and region_until > closed_on);

-- overseas_tm_disputes v1 (flow) 应对海外商标纠纷
count(*) filter (where (matter = 'overseas_dispute' AND ip_kind = 'trademark') and accepted_on between $start and $as_of and region_from <= accepted_on and region_until > accepted_on);

-- patent_tm_violations v1 (flow) 查处专利商标违法案件
count(*) filter (where (matter IN ('patent_violation', 'trademark_violation')) and accepted_on between $start and $as_of and region_from <= accepted_on and region_until > accepted_on);

-- rights_assistance_cases v1 (flow) 开展维权援助
count(*) filter (where (matter = 'rights_assistance') and accepted_on between $start and $as_of and region_from <= accepted_on and region_until > accepted_on);

-- unqualified_agency_acts v1 (flow) 核查处置无资质专利代理行为
count(*) filter (where (matter = 'unqualified_agency') and accepted_on between $start and $as_of and region_from <= accepted_on and region_until > accepted_on);
