-- conversions: 一行一件专利的一次转让或许可

-- patents_transferred v1 (cumulative) 转移转化专利
count(distinct application_number) filter (where ((kind IS NULL OR kind <> 'internal')) and happened_on between date '0001-01-01' and $as_of and region_from <= happened_on and region_until > happened_on);

-- patents_transferred_in_period v1 (flow) 本期转移转化专利
count(distinct application_number) filter (where ((kind IS NULL OR kind <> 'internal')) and happened_on between $start and $as_of and region_from <= happened_on and region_until > happened_on);
