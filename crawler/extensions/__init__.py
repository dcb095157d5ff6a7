"""Beside the spiders: the run ledger and progress."""
