"""Benchmarks that print ratios against the obvious alternative, measured in the same run.

`python -m bench` lists them; `python -m bench NAME --json FILE` runs one.
"""
