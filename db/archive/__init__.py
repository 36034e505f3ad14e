"""Backups: the rows of a database in one file that any other database can be filled from.

A ZIP of one Parquet file for each table and a manifest that says what has to be in them. It does
not depend on the kind of database, so it also moves data between SQLite and PostgreSQL.
"""
