-- pledges: 一行一笔质押登记

-- patent_pledge_amount v1 (flow) 专利权质押登记金额
sum(amount) filter (where ((revoked_on IS NULL OR revoked_on > $as_of)) and registered_on between $start and $as_of and region_from <= registered_on and region_until > registered_on);

-- patent_pledge_count v1 (flow) 专利权质押登记
count(*) filter (where ((revoked_on IS NULL OR revoked_on > $as_of)) and registered_on between $start and $as_of and region_from <= registered_on and region_until > registered_on);

-- patent_pledge_enterprises v1 (flow) 质押融资惠及企业
count(distinct enterprise) filter (where ((revoked_on IS NULL OR revoked_on > $as_of)) and registered_on between $start and $as_of and region_from <= registered_on and region_until > registered_on);
