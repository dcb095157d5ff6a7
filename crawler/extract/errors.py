"""What extraction refuses, named for the fact."""


class Unextractable(ValueError):
    """The bytes are no HTML page that can be read; the message says why in plain words."""
