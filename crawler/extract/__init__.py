"""Interpretation: bytes, URL and rules in, a draft with origins out; pure."""
