"""The use cases: scan, decide, issue, follow, report. Reaches the world only through `ports/`."""
