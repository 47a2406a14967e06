-- organisation_roles: 一行一个主体的一段身份

-- chain_leader_enterprises v1 (stock) 链主企业
count(distinct organisation) filter (where (role = 'chain_leader' AND (from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- high_tech_enterprises v1 (stock) 高新技术企业
count(distinct organisation) filter (where (role = 'high_tech' AND (from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- ip_demonstration_enterprises v1 (stock) 知识产权示范企业
count(distinct organisation) filter (where (role = 'ip_demonstration' AND (from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);

-- single_champion_enterprises v1 (stock) 单项冠军企业
count(distinct organisation) filter (where (role = 'single_champion' AND (from_on <= $as_of AND (until_on IS NULL OR until_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
