-- destructions: 一行一次销毁

-- counterfeits_destroyed v1 (flow) 销毁侵权假冒伪劣产品
sum(quantity) filter (where (unit = 'piece') and destroyed_on between $start and $as_of and region_from <= destroyed_on and region_until > destroyed_on);
