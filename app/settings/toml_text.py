"""A value of the strategy as the strategy file would have it."""

import json
from enum import Enum
from typing import Any


def to_toml(value: Any) -> str:
    """Switches, words, numbers, and lists of them, as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return to_toml(value.value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple | list):
        return f"[{', '.join(to_toml(each) for each in value)}]"
    return f"{value:_}"
