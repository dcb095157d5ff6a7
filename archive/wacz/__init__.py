"""WACZ: a part of an archive in one file that players open and show, offline."""
