"""Elders: the town, its villages, its elders and what they measured."""
