"""Builders of domain objects for tests: everything has a plausible default."""
