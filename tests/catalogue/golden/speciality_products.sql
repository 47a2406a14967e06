-- speciality_products: 一行一个产品

-- speciality_products v1 (cumulative) 挖掘提升特色产品
count(*) filter (where ((withdrawn_on IS NULL OR withdrawn_on > $as_of)) and improved_on between date '0001-01-01' and $as_of and region_from <= improved_on and region_until > improved_on);
