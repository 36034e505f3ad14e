"""As much of PromQL as it takes to see that a query asks for what exists."""

import re
from typing import Final

FUNCTIONS: Final = frozenset(
    {
        "abs",
        "absent",
        "changes",
        "delta",
        "histogram_quantile",
        "increase",
        "max",
        "min",
        "predict_linear",
        "rate",
        "sum",
        "time",
        "topk",
    }
)
"""What the queries use of Prometheus' functions and aggregations."""

_WORDS: Final = FUNCTIONS | {"and", "or", "unless", "by", "without", "on"}
_STRING: Final = re.compile(r'"[^"\\]*"')
_RANGE: Final = re.compile(r"\[\d+[smhdw]\]")
_GROUPING: Final = re.compile(r"\b(?:by|without|on) \([a-z_, ]*\)")
_SELECTOR: Final = re.compile(r"\b([a-zA-Z_]\w*)\{([^{}]*)\}")
_MATCHER: Final = re.compile(r'\s*(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"\s*')
_NAME: Final = re.compile(r"\b[a-zA-Z_]\w*\b")
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def metric_names(query: str) -> set[str]:
    """Every name that is neither a function nor a keyword."""
    bare = _GROUPING.sub("", _RANGE.sub("", _SELECTOR.sub(r"\1", query)))
    return set(_NAME.findall(_numberless(bare))) - _WORDS


def label_values(query: str) -> list[tuple[str, str, str]]:
    """What selectors ask for: the metric, the label, and its value or pattern."""
    return [
        (name, label, value)
        for name, matchers in _SELECTOR.findall(query)
        for label, value in _MATCHER.findall(matchers)
    ]


def mistakes(query: str) -> list[str]:
    """What no query may have: brackets that do not match, unknown functions, odd matchers."""
    called = re.findall(r"\b([a-z_]+)\(", query)
    return [
        *([] if _is_balanced(_STRING.sub("", query)) else ["brackets do not match"]),
        *(f"no function {name}" for name in called if name not in FUNCTIONS),
        *(f"no matchers: {text}" for _, text in _SELECTOR.findall(query) if not _is_matched(text)),
    ]


def _numberless(text: str) -> str:
    return re.sub(r"\b\d+(?:\.\d+)?(?:e\d+)?\b", "", text)


def _is_matched(text: str) -> bool:
    return all(_MATCHER.fullmatch(part) for part in text.split(","))


def _is_balanced(text: str) -> bool:
    opened: list[str] = []
    for sign in text:
        if sign in _PAIRS.values():
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            return False
    return not opened
