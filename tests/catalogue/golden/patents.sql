-- patents: 一行一件专利申请，按权利人所在区划和归属期展开

-- abnormal_applications v1 (flow) 非正常申请
count(*) filter (where abnormal_on between $start and $as_of and region_from <= abnormal_on and region_until > abnormal_on);

-- designs_granted v1 (flow) 外观设计授权量
count(*) filter (where (kind = 'design') and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- high_value_awarded v1 (stock) 高价值发明：获国家级奖
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of)) AND (awarded_on <= $as_of)) and region_from <= $as_of and region_until > $as_of);

-- high_value_invention_patents v2 (stock) 高价值发明专利拥有量
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of)) AND (COALESCE((sei_code <> ''), FALSE) OR COALESCE((overseas_family > 0), FALSE) OR (filed_on < $as_of - INTERVAL '10' YEAR) OR COALESCE((awarded_on <= $as_of), FALSE))) and region_from <= $as_of and region_until > $as_of);

-- high_value_long_kept v1 (stock) 高价值发明：维持十年以上
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of)) AND (filed_on < $as_of - INTERVAL '10' YEAR)) and region_from <= $as_of and region_until > $as_of);

-- high_value_overseas v1 (stock) 高价值发明：海外同族授权
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of)) AND (overseas_family > 0)) and region_from <= $as_of and region_until > $as_of);

-- high_value_pledged v1 (stock) 高价值发明：质押融资金额较高
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- high_value_strategic v1 (stock) 高价值发明：战略性新兴产业
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of)) AND (sei_code <> '')) and region_from <= $as_of and region_until > $as_of);

-- invention_applications v1 (flow) 发明专利申请量
count(*) filter (where (kind = 'invention') and filed_on between $start and $as_of and region_from <= filed_on and region_until > filed_on);

-- invention_patents_ended v1 (flow) 发明专利失效量
count(*) filter (where (kind = 'invention' AND NOT granted_on IS NULL) and ended_on between $start and $as_of and region_from <= ended_on and region_until > ended_on);

-- invention_patents_granted v1 (flow) 发明专利授权量
count(*) filter (where (kind = 'invention') and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- overseas_family_grants v1 (stock) 海外同族授权量
sum(overseas_family) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- pct_applications v1 (flow) PCT 国际申请量
count(*) filter (where pct_filed_on between $start and $as_of and region_from <= pct_filed_on and region_until > pct_filed_on);

-- utility_models_granted v1 (flow) 实用新型授权量
count(*) filter (where (kind = 'utility_model') and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- valid_designs v1 (stock) 有效外观设计专利
count(*) filter (where (kind = 'design' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- valid_invention_patents v1 (stock) 有效发明专利拥有量
count(*) filter (where (kind = 'invention' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- valid_utility_models v1 (stock) 有效实用新型专利
count(*) filter (where (kind = 'utility_model' AND (granted_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND NOT (COALESCE(gap_from <= $as_of, FALSE) AND gap_until > $as_of))) and region_from <= $as_of and region_until > $as_of);
