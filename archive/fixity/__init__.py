"""Fixity: is everything still what was recorded, and if not, what is lost and what is left?"""
