"""What a run leaves behind: records, tables, provenance."""
