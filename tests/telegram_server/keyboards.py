"""Inline keyboards: what Telegram accepts as buttons, and how a test finds one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.call import Call
from tests.telegram_server.entities import utf16_length
from tests.telegram_server.html_markup import LINK_SCHEMES
from tests.telegram_server.refusals import RefusedError, bad_request

MAX_BUTTONS = 100
MAX_CALLBACK_DATA_BYTES = 64
MAX_COPY_TEXT = 256
STYLES = frozenset({"danger", "success", "primary"})
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
NEVER_IN_PLAIN_MESSAGES = frozenset({"callback_game", "pay"})
OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button as the bot sent it."""

    label: str
    fields: dict[str, Any]

    @property
    def data(self) -> str | None:
        """Return what a press sends back, or None when a press sends nothing."""
        return self.fields.get("callback_data")

    @property
    def url(self) -> str | None:
        """Return the address the button opens, if it opens one."""
        return self.fields.get("url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyboard:
    """Rows of buttons; no rows means no keyboard."""

    rows: tuple[tuple[Button, ...], ...] = ()

    def __iter__(self) -> Iterator[Button]:
        return (button for row in self.rows for button in row)

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def labels(self) -> list[list[str]]:
        """Return the labels, row by row."""
        return [[button.label for button in row] for row in self.rows]

    def find(self, label_or_data: str) -> Button | None:
        """Return the first button with that label or that callback data."""
        matching = (button for button in self if label_or_data in (button.label, button.data))
        return next(matching, None)

    def as_json(self) -> dict[str, Any]:
        """Render an InlineKeyboardMarkup."""
        return {"inline_keyboard": [[button.fields for button in row] for row in self.rows]}


NO_KEYBOARD = Keyboard()


def read_keyboard(call: Call, *, inline_only: bool) -> Keyboard:
    """Read `reply_markup`; absent, empty, or one that changes the input field gives no keyboard.

    Raises:
        RefusedError: wrong shape, or a markup for the input field where there is none
            (`inline_only`: channels and edits).
    """
    markup = call.structure("reply_markup", "reply keyboard markup")
    if not markup:
        return NO_KEYBOARD
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup["inline_keyboard"])
    if inline_only or not any(name in markup for name in OTHER_MARKUPS):
        raise bad_request("inline keyboard expected")
    return NO_KEYBOARD


def _inline_keyboard(rows: Any) -> Keyboard:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = Keyboard(rows=tuple(tuple(_button(field) for field in row) for row in rows if row))
    if sum(1 for _ in keyboard) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _button(fields: Any) -> Button:
    if not isinstance(fields, dict):
        raise _unreadable("Button must be an Object")
    label = fields.get("text")
    if label is None:
        raise _unreadable('Can\'t find field "text"')
    if not isinstance(label, str):
        raise _unreadable('Field "text" must be of type String')
    if fields.get("style", "primary") not in STYLES:
        raise _unreadable("Invalid button style specified")
    _require_one_action(fields)
    _check_action(fields)
    return Button(label=label, fields=fields)


def _require_one_action(fields: dict[str, Any]) -> None:
    """The documentation demands exactly one action.

    Telegram itself takes the first of several; a test server should not let that pass.
    """
    actions = [name for name in ACTIONS if name in fields]
    if not actions or (actions == ["callback_data"] and not fields["callback_data"]):
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unreadable(f"exactly one action is allowed, found {', '.join(actions)}")
    if actions[0] in NEVER_IN_PLAIN_MESSAGES:
        raise bad_request("BUTTON_TYPE_INVALID")


def _check_action(fields: dict[str, Any]) -> None:
    if len(str(fields.get("callback_data", "")).encode()) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in fields:
        length = utf16_length(str(fields["copy_text"].get("text", "")))
        if not 1 <= length <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in fields:
        _check_url(str(fields["url"]))


def _check_url(url: str) -> None:
    scheme = urlsplit(url).scheme
    if "." not in url and scheme != "tg":
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if scheme and scheme not in LINK_SCHEMES:
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )


def _unreadable(problem: str) -> RefusedError:
    return bad_request(f"can't parse inline keyboard button: {problem}")
