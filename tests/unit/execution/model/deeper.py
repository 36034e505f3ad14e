"""`python -m tests.unit.execution.model.deeper [EXAMPLES]`: as the property test, for as long."""

import logging
import sys

from hypothesis import HealthCheck, given, settings

from tests.unit.execution.model.model_steps import STEPS, TERMS
from tests.unit.execution.model.model_world import play_trade


def main() -> None:
    """Play so many trades, 5,000 unless told otherwise; the smallest failing one is shown."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    logging.disable(logging.WARNING)
    deep = settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    deep(given(terms=TERMS, steps=STEPS)(play_trade))()
    print(f"{examples} trades, every promise held")  # noqa: T201 - a command answers on stdout


if __name__ == "__main__":
    main()
