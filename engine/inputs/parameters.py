"""What is kept beside the record, for research."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class InputParameters(Parameters):
    """What decisions were made on. Of published signals it is always kept (docs/replay.md)."""

    keep_observations: bool = parameter(
        False,
        doc="whether what was known beside candles is kept for every pair and close, so that a "
        "backtest can look at it",
        unit="switch",
        source="own choice: it is research, and it grows with every close",
    )
