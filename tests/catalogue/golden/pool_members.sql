-- pool_members: 一行一个成员的一段在池期

-- patent_pool_members v1 (stock) 专利池成员企业
count(distinct enterprise) filter (where ((from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
