"""How far the strategy is from its defaults."""

from app.settings.threshold import tables
from app.settings.toml_text import to_toml
from app.settings.tree import Settings


def changed_thresholds(settings: Settings) -> list[str]:
    """Thresholds that differ from their default, each with its value."""
    changed = []
    for table in tables(type(settings.strategy)):
        group = settings.strategy
        for name in table.path:
            group = getattr(group, name)
        for threshold in table.thresholds:
            value = getattr(group, threshold.name)
            if value != threshold.default:
                changed.append(f"{table.title}.{threshold.name} = {to_toml(value)}")
    return changed
