-- standards: 一行一项标准

-- standards_association v1 (stock) 参与制定团体标准
count(*) filter (where (level = 'association' AND (published_on <= $as_of AND (abolished_on IS NULL OR abolished_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- standards_industry v1 (stock) 参与制定行业标准
count(*) filter (where (level = 'industry' AND (published_on <= $as_of AND (abolished_on IS NULL OR abolished_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- standards_international v1 (stock) 参与制定国际标准
count(*) filter (where (level = 'international' AND (published_on <= $as_of AND (abolished_on IS NULL OR abolished_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- standards_local v1 (stock) 参与制定地方标准
count(*) filter (where (level = 'local' AND (published_on <= $as_of AND (abolished_on IS NULL OR abolished_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- standards_national v1 (stock) 参与制定国家标准
count(*) filter (where (level = 'national' AND (published_on <= $as_of AND (abolished_on IS NULL OR abolished_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
