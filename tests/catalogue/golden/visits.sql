-- visits: 一行一次走访

-- onsite_assisted_enterprises v1 (flow) 现场帮扶企业
count(distinct organisation) filter (where (programme = 'onsite_assistance' AND organisation_kind = 'enterprise' AND (cancelled_on IS NULL)) and visited_on between $start and $as_of and region_from <= visited_on and region_until > visited_on);

-- visited_enterprises v1 (flow) 走访科技企业
count(distinct organisation) filter (where (programme = 'service_tour' AND organisation_kind = 'enterprise' AND (cancelled_on IS NULL)) and visited_on between $start and $as_of and region_from <= visited_on and region_until > visited_on);

-- visited_institutes v1 (flow) 走访高校院所
count(distinct organisation) filter (where (programme = 'service_tour' AND organisation_kind = 'institute' AND (cancelled_on IS NULL)) and visited_on between $start and $as_of and region_from <= visited_on and region_until > visited_on);
