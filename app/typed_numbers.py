"""Numbers of signals and parameter sets as people type them."""

from typing import Final

LARGEST_NUMBER: Final = 2**63 - 1
"""What a column of either database holds; it cannot even be asked for a larger one."""
