"""Looks at the settings: what is in force, and how far the strategy is from its defaults."""

from app.doctor.check import CheckResult, failure, ok, warning
from app.settings import Settings
from app.settings.changed import changed_thresholds
from domain.errors import ConfigurationError

_NAME = "settings"


def refused_settings(error: ConfigurationError) -> CheckResult:
    """The line for settings that could not be loaded."""
    return failure(_NAME, str(error), "mend these lines; nothing else can be checked before")


def examine_settings(settings: Settings) -> list[CheckResult]:
    """One line: where the strategy comes from and which thresholds were changed."""
    path = settings.strategy_path
    if path.is_file():
        return [ok(_NAME, f"strategy from {path}; {_changes(settings)}")]
    detail = f"there is no {path}; every threshold has its default"
    return [warning(_NAME, detail, "start in the folder that holds it, or set QUORUM_CONFIG")]


def _changes(settings: Settings) -> str:
    changed = changed_thresholds(settings)
    return f"changed: {', '.join(changed)}" if changed else "every threshold has its default"
