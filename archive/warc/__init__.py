"""The WARC files: written once, appended only, read by offset."""
