-- credit_lines: 一行一笔授信

-- credit_enterprises v1 (cumulative) 获授信企业
count(distinct enterprise) filter (where ((cancelled_on IS NULL OR cancelled_on > $as_of)) and approved_on between date '0001-01-01' and $as_of and region_from <= approved_on and region_until > approved_on);

-- credit_granted_amount v1 (cumulative) 授信金额
sum(amount) filter (where ((cancelled_on IS NULL OR cancelled_on > $as_of)) and approved_on between date '0001-01-01' and $as_of and region_from <= approved_on and region_until > approved_on);
