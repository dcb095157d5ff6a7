"""The archive's memory: tables, one module a family; it can be rebuilt from the WARC files."""
