"""The strategy under test: the groups of the strategy file that decide on a trade."""

from collections.abc import Sequence
from dataclasses import replace

from app.deciding import decision_parameters
from app.settings.strategy import Strategy
from domain.errors import ConfigurationError
from domain.evidence import LayerName
from engine.backtest.values import TestedStrategy


def strategy_under_test(strategy: Strategy, layers: Sequence[LayerName] = ()) -> TestedStrategy:
    """What the live bot would decide and size by; with `layers`, only these are switched on."""
    decision = decision_parameters(strategy)
    if layers:
        chosen = replace(decision.confluence, layers=tuple(layers))
        decision = replace(decision, confluence=chosen)
    return TestedStrategy(
        decision=decision,
        risk=strategy.risk,
        issuing=strategy.issue,
        correlations=strategy.correlations,
        assumed=strategy.backtest,
    )


def parse_layers(text: str | None) -> tuple[LayerName, ...]:
    """Layers from "technical,memory"; none from nothing. Raises `ConfigurationError`."""
    if not text:
        return ()
    try:
        layers = tuple(LayerName(name.strip()) for name in text.split(","))
    except ValueError as error:
        known = ", ".join(LayerName)
        raise ConfigurationError(f"--layers {text}: {error}; the layers are {known}") from None
    if LayerName.TECHNICAL not in layers or len(set(layers)) < len(layers):
        raise ConfigurationError(
            f"--layers {text}: technical must be among them, and each layer only once"
        )
    return layers
