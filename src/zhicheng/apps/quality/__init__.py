"""质量品牌: brand pools and speciality products."""
