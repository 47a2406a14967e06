-- region_years: 一行一个县级单位一年的统计，新的一年发布后替代旧的

-- resident_population v1 (stock) 常住人口
sum(resident_population) filter (where ((published_on <= $as_of AND (replaced_on IS NULL OR replaced_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
