-- designations: 一行一项试点示范

-- designations_standing v1 (stock) 在建试点示范
count(*) filter (where ((designated_on <= $as_of AND (ends_on IS NULL OR ends_on >= $as_of) AND (revoked_on IS NULL OR revoked_on > $as_of))) and region_from <= $as_of and region_until > $as_of);
