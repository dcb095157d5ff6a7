"""Conduct towards a host: robots, pace, back-off, the address guard."""
