-- trademarks: 一行一件商标的一个类别

-- madrid_marks v1 (cumulative) 马德里国际注册商标
count(distinct madrid_number) filter (where (madrid_number <> '') and madrid_registered_on between date '0001-01-01' and $as_of and region_from <= madrid_registered_on and region_until > madrid_registered_on);

-- registered_trademarks v1 (stock) 有效注册商标
count(*) filter (where ((registered_on <= $as_of AND (ended_on IS NULL OR ended_on > $as_of) AND (expires_on IS NULL OR expires_on >= $as_of))) and region_from <= $as_of and region_until > $as_of);
