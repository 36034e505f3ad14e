"""How an environment variable is declared: once, at the field it fills.

Outsiders rely on these names, so they stand at the fields in full and have no common prefix.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An environment variable: its name, what it is for and what it may hold.

    `secret` values never appear in any text. `example` is what `.env.example` shows.
    """

    name: str
    doc: str
    allowed: str
    example: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredVariable:
    """A variable and where it leads: the path of its field in the tree, and its default."""

    variable: Variable
    path: tuple[str, ...]
    default: object

    @property
    def default_text(self) -> str:
        """The default as a person would write it; empty when there is none."""
        shown = self.default
        if isinstance(shown, SecretStr):
            shown = shown.get_secret_value()
        if isinstance(shown, bool):
            return "on" if shown else "off"
        return "" if shown is None or shown == () else str(shown)


def declared_variables(tree: type[BaseModel]) -> list[DeclaredVariable]:
    """Every variable of a tree of settings, in the order of the fields."""
    return list(_walk(tree, ()))


def _walk(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[DeclaredVariable]:
    for name, field in model.model_fields.items():
        here = (*path, name)
        variable = _variable_of(field)
        if variable is not None:
            yield DeclaredVariable(variable=variable, path=here, default=field.default)
        elif _is_section(field.annotation):
            yield from _walk(field.annotation, here)


def _variable_of(field: FieldInfo) -> Variable | None:
    return next((found for found in field.metadata if isinstance(found, Variable)), None)


def _is_section(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
