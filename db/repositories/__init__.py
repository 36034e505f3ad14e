"""One repository per file: domain values in, domain values out. None of them ever commits."""
