"""Keeping the database in order: backups, restoring one, deleting what is old, returning room."""
