-- pool_patents: 一行一件专利的一段在池期

-- patent_pool_patents v1 (stock) 专利池专利
count(distinct application_number) filter (where ((from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
