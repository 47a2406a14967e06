-- operation_centres: 一行一个运营中心

-- industry_ip_operation_centres v1 (stock) 产业知识产权运营中心
count(*) filter (where (kind = 'industry' AND (established_on <= $as_of AND (closed_on IS NULL OR closed_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
