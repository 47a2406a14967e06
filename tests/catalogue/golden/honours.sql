-- honours: 一行一项荣誉

-- china_design_award_excellence v1 (cumulative) 中国外观设计优秀奖
count(distinct award) filter (where (scheme_code = 'china_patent_award' AND tier IN ('design_excellence') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- china_patent_award_excellence v1 (cumulative) 中国专利奖优秀奖
count(distinct award) filter (where (scheme_code = 'china_patent_award' AND tier IN ('excellence') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- china_patent_award_excellence_enterprises_r25 v1 (flow) 第二十五届中国专利奖优秀奖企业
count(distinct holder) filter (where (scheme_code = 'china_patent_award' AND tier IN ('excellence') AND ((revoked_on IS NULL OR revoked_on > $as_of)) AND round = 25 AND holder_kind = 'enterprise') and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- china_patent_award_gold v1 (cumulative) 中国专利奖金奖
count(distinct award) filter (where (scheme_code = 'china_patent_award' AND tier IN ('gold') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- china_patent_award_silver v1 (cumulative) 中国专利奖银奖
count(distinct award) filter (where (scheme_code = 'china_patent_award' AND tier IN ('silver') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- china_quality_award_and_nominations v1 (cumulative) 中国质量奖及提名奖
count(distinct award) filter (where (scheme_code = 'china_quality_award' AND tier IN ('award', 'nomination') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- governor_quality_award_and_nominations v1 (cumulative) 省长质量奖及提名奖
count(distinct award) filter (where (scheme_code = 'governor_quality_award' AND tier IN ('award', 'nomination') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- governor_quality_award_individuals v1 (flow) 第十届省长质量奖获奖个人
count(distinct holder) filter (where (scheme_code = 'governor_quality_award' AND tier IN ('award') AND ((revoked_on IS NULL OR revoked_on > $as_of)) AND round = 10 AND holder_kind = 'person') and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- governor_quality_award_nominee_enterprises v1 (flow) 第十届省长质量奖提名奖企业
count(distinct holder) filter (where (scheme_code = 'governor_quality_award' AND tier IN ('nomination') AND ((revoked_on IS NULL OR revoked_on > $as_of)) AND round = 10 AND holder_kind = 'enterprise') and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- haopin_shandong_brands_new v1 (flow) 新入选“好品山东”品牌
count(*) filter (where (scheme_code = 'haopin_shandong' AND tier IN ('brand') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between $start and $as_of and region_from <= granted_on and region_until > granted_on);

-- haopin_shandong_brands_total v1 (cumulative) “好品山东”品牌总量
count(*) filter (where (scheme_code = 'haopin_shandong' AND tier IN ('brand') AND (((revoked_on IS NULL OR revoked_on > $as_of) AND (valid_until IS NULL OR valid_until >= $as_of)))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- mayor_quality_awards v1 (cumulative) 市长质量奖
count(distinct award) filter (where (scheme_code = 'mayor_quality_award' AND tier IN ('award') AND ((revoked_on IS NULL OR revoked_on > $as_of))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);

-- standards_leaders v1 (cumulative) 企业标准“领跑者”
count(*) filter (where (scheme_code = 'standards_leader' AND tier IN ('leader') AND (((revoked_on IS NULL OR revoked_on > $as_of) AND (valid_until IS NULL OR valid_until >= $as_of)))) and granted_on between date '0001-01-01' and $as_of and region_from <= granted_on and region_until > granted_on);
