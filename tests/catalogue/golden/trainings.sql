-- trainings: 一行一场

-- protection_trainings v1 (flow) 保护培训
count(*) filter (where (topic_kind = 'protection' AND (cancelled_on IS NULL)) and held_on between $start and $as_of and region_from <= held_on and region_until > held_on);
