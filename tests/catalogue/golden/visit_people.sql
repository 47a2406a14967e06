-- visit_people: 一行一位人才在一次走访中

-- visited_people v1 (flow) 走访专业人才
count(distinct person_number) filter (where (programme = 'service_tour' AND (cancelled_on IS NULL)) and visited_on between $start and $as_of and region_from <= visited_on and region_until > visited_on);
