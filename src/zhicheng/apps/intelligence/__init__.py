"""情报·发布: public texts in, benchmarks, bulletins out."""
