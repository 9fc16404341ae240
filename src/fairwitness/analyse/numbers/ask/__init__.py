"""Ask an analysis set: sums over its lines, written once and run on a laptop (DuckDB) or on a cluster (Spark)."""
