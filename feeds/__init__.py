"""Providers of outside data: each asks one over HTTP and turns its payload into observations."""
