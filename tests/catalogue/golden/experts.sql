-- experts: 一行一位专家

-- protection_experts v1 (stock) 保护专家
count(*) filter (where ((from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
