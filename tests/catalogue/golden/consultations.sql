-- consultations: 一行一次登记

-- consultations v1 (flow) 接受咨询
sum(persons) filter (where asked_on between $start and $as_of and region_from <= asked_on and region_until > asked_on);
