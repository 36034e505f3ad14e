"""Everything that touches SQL or Redis: repositories, migrations, cache, single-instance locks."""
