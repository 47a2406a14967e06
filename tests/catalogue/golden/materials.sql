-- materials: 一行一次发放

-- leaflets_distributed v1 (flow) 发放宣传资料
sum(copies) filter (where handed_out_on between $start and $as_of and region_from <= handed_out_on and region_until > handed_out_on);
