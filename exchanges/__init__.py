"""Everything that touches an exchange, and a local one to touch: `exchanges.simulator`."""
