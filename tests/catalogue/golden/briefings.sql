-- briefings: 一行一场

-- policy_briefings v1 (flow) 政策宣贯
count(*) filter (where ((cancelled_on IS NULL)) and held_on between $start and $as_of and region_from <= held_on and region_until > held_on);
