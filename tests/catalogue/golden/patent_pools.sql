-- patent_pools: 一行一个专利池

-- patent_pools v1 (stock) 产业专利池
count(*) filter (where ((established_on <= $as_of AND (dissolved_on IS NULL OR dissolved_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
