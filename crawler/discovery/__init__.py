"""Listings read: bytes of a feed, sitemap or section page in, discoveries out; pure."""
