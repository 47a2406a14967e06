-- fairs: 一行一场展会

-- speciality_exhibitions v1 (flow) 特色产品展
count(*) filter (where (kind = 'speciality' AND (cancelled_on IS NULL)) and held_on between $start and $as_of and region_from <= held_on and region_until > held_on);
