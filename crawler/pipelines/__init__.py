"""From a page to a version: extract, accept, store."""
