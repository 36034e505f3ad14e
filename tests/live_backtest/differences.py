"""Two ledgers of the same market held against each other, entry by entry."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.ledger import EntryKind, LedgerEntry
from engine.ledger import parse_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Entries of both ledgers, how many stand in both word for word, and every difference."""

    live: int
    tested: int
    same_content: int
    same_hashes: int
    differences: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        """Whether one chain could be put in place of the other."""
        return self.live == self.tested == self.same_hashes

    def lines(self) -> Iterator[str]:
        """For people."""
        yield (
            f"live {self.live} entries, backtest {self.tested}; {self.same_content} with the same "
            f"content, {self.same_hashes} with the same hash in the same place"
        )
        yield "identical" if self.is_identical else "NOT identical"
        yield from self.differences


def compare_ledgers(live: Sequence[LedgerEntry], tested: Sequence[LedgerEntry]) -> Comparison:
    """Hold the record of a live run against that of a backtest."""
    ones, others = _by_matter(live), _by_matter(tested)
    both = [matter for matter in ones if matter in others]
    differences = [f"only live: {matter}" for matter in ones if matter not in others]
    differences += [f"only backtest: {matter}" for matter in others if matter not in ones]
    for matter in both:
        differences += [
            f"{matter}: {line}" for line in _different("", ones[matter], others[matter])
        ]
    pairs = zip(live, tested, strict=False)
    return Comparison(
        live=len(live),
        tested=len(tested),
        same_content=sum(ones[matter] == others[matter] for matter in both),
        same_hashes=sum(one.hash == other.hash for one, other in pairs),
        differences=tuple(differences),
    )


def _by_matter(entries: Sequence[LedgerEntry]) -> dict[str, Mapping[str, Any]]:
    """Contents by what they are about; ids follow from the order, so they don't name a signal."""
    told: dict[int, str] = {}
    found: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        content = parse_content(entry)
        number = int(content["signal"])
        if entry.kind is EntryKind.SIGNAL:
            told[number] = f"{content['symbol']} {content['decision']['as_of']}"
        found[f"{entry.kind} {told[number]}"] = content
    return found


def _different(place: str, one: object, other: object) -> Iterator[str]:
    """Where two contents differ, leaf by leaf."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            yield from _different(f"{place}.{key}", one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _different(f"{place}[{number}]", left, right)
    elif one != other:
        yield f"{place.removeprefix('.')}: live {one}, backtest {other}"
