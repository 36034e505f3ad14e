"""Code shows no other formatting: what Telegram leaves of entities that overlap code."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tests.telegram_server.entities import Entity

CODE_TYPES = frozenset({"code", "pre"})
SPLITTABLE_TYPES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})


def without_code_overlap(entities: Sequence[Entity]) -> list[Entity]:
    """Split styles around code, and drop links and the rest inside it.

    Entities come in the order their tags were closed, so an inner one stands before its outer.
    """
    blocks = [entity for entity in entities if entity.type in CODE_TYPES]
    outermost = [
        block
        for index, block in enumerate(blocks)
        if not any(_lies_within(block, later) for later in blocks[index + 1 :])
    ]
    kept: list[Entity] = []
    for entity in entities:
        if entity.type in SPLITTABLE_TYPES:
            kept += _around(entity, outermost)
        elif entity in outermost or not any(_lies_within(entity, block) for block in outermost):
            kept.append(entity)
    return kept


def _lies_within(entity: Entity, block: Entity) -> bool:
    return block.offset <= entity.offset and entity.end <= block.end


def _around(entity: Entity, blocks: Iterable[Entity]) -> list[Entity]:
    """Return the pieces of a style that no block covers."""
    pieces = [(entity.offset, entity.end)]
    for block in blocks:
        pieces = [
            piece
            for begin, end in pieces
            for piece in ((begin, min(end, block.offset)), (max(begin, block.end), end))
            if piece[0] < piece[1]
        ]
    return [replace(entity, offset=begin, length=end - begin) for begin, end in pieces]
