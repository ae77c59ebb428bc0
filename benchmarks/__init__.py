"""Tables and measurements that compare systems; run from a clone as `python -m benchmarks.table`."""
