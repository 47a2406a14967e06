-- drawdowns: 一行一笔放款

-- credit_drawn_amount v1 (cumulative) 放款金额
sum(amount) filter (where drawn_on between date '0001-01-01' and $as_of and region_from <= drawn_on and region_until > drawn_on);
