"""Outlets as declarations: the TOML, judged, and the catalogue."""
