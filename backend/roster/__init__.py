"""The roster: which coordinator is on duty when."""
