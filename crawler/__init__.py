"""Goes and gets: what outlets publish, with manners, as it crossed the wire."""
