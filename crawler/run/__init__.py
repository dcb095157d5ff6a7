"""Runs: the reactor, the outlets crawled in it, and their end."""
