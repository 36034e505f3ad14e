"""getMe, the command lists, answers to presses, and files."""

from typing import Any

from tests.telegram_server.call import Call
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.world import World


def get_me(world: World, call: Call) -> dict[str, Any]:
    """Tell who the bot is."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, call: Call) -> bool:
    """Register a command list."""
    world.commands.replace(call)
    return True


def get_my_commands(world: World, call: Call) -> list[dict[str, Any]]:
    """Return the list of exactly that scope."""
    return world.commands.registered(call)


def delete_my_commands(world: World, call: Call) -> bool:
    """Forget the list of that scope."""
    world.commands.remove(call)
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    """Answer a press: once, and in time."""
    world.queries.answer(call, bot_username=world.bot.username or "")
    return True


def get_file(world: World, call: Call) -> dict[str, Any]:
    """Tell where a stored picture can be downloaded."""
    photo = world.photos.by_id(call.text("file_id"))
    if photo is None:
        raise bad_request("invalid file_id")
    return photo.file_json() | {"file_path": photo.path}
