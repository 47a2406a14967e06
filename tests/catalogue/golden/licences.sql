-- licences: 一行一份专利许可合同

-- open_licences v1 (flow) 专利开放许可
count(*) filter (where (kind = 'open') and recorded_on between $start and $as_of and region_from <= recorded_on and region_until > recorded_on);
