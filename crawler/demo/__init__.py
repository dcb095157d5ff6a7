"""The newspaper in a box: a small, misbehaving news site on loopback."""
