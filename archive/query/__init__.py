"""Questions: the grammar, the search, the history of an article."""
