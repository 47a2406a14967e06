-- brand_pool: 一行一次入库

-- high_end_brand_enterprises_new v1 (flow) 新增高端品牌培育企业
count(distinct enterprise) filter (where (pool = 'high_end_brand' AND entered_on = first_entered_on) and entered_on between $start and $as_of and region_from <= entered_on and region_until > entered_on);

-- high_end_brand_enterprises_total v1 (stock) 高端品牌培育企业总量
count(distinct enterprise) filter (where (pool = 'high_end_brand' AND (entered_on <= $as_of AND (left_on IS NULL OR left_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
