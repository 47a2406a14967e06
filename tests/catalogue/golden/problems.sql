-- problems: 一行一个问题

-- problems_solved v1 (flow) 解决疑难问题
count(*) filter (where (reopened_on IS NULL OR reopened_on > $as_of) and solved_on between $start and $as_of and region_from <= solved_on and region_until > solved_on);
