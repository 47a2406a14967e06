-- geographical_indications: 一行一件地理标志，三种分开

-- gi_products_new v1 (flow) 新增地理标志保护产品
count(*) filter (where (kind = 'product' AND (revoked_on IS NULL OR revoked_on > $as_of)) and approved_on between $start and $as_of and region_from <= approved_on and region_until > approved_on);

-- gi_products_total v1 (stock) 地理标志保护产品总量
count(*) filter (where (kind = 'product' AND (approved_on <= $as_of AND (revoked_on IS NULL OR revoked_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- gi_trademarks_total v1 (stock) 地理标志集体、证明商标
count(*) filter (where (kind = 'trademark' AND (approved_on <= $as_of AND (revoked_on IS NULL OR revoked_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
