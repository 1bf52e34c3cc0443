"""Migrations: the history of the tables, up and down."""
