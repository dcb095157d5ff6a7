"""Keeps and answers: what was published when, as it was, and every question asked of it."""
