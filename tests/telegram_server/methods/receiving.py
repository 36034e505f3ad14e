"""getUpdates with its long poll, and the webhook that excludes it."""

from contextlib import suppress
from typing import Any

from tests.telegram_server.call import Call
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.world import World

MAX_HELD_S = 50
MAX_UPDATES = 100


async def get_updates(world: World, call: Call) -> list[dict[str, Any]]:
    """Return what waits, or hold the call until something comes or `timeout` seconds are over.

    A second poll ends the first one with 409, as does setting a webhook.
    """
    updates = world.updates
    poll = updates.begin_poll()
    updates.confirm(call.integer("offset"))
    if "allowed_updates" in call.parameters:
        updates.allow(_kinds(call))
    await _hold(world, poll, min(call.integer("timeout"), MAX_HELD_S))
    updates.require_current(poll)
    limit = min(max(call.integer("limit", MAX_UPDATES), 1), MAX_UPDATES)
    return [update.as_json() for update in updates.take(limit)]


async def _hold(world: World, poll: int, seconds: int) -> None:
    """Wait until there is something to answer, at most that long."""
    world.updates.held_polls += 1
    try:
        await world.watch.changed()
        with suppress(TimeoutError):
            await world.watch.wait_until(lambda: world.updates.is_settled(poll), timeout_s=seconds)
    finally:
        world.updates.held_polls -= 1
        await world.watch.changed()


def set_webhook(world: World, call: Call) -> bool:
    """Remember the address (an empty one removes it); updates are not pushed to it."""
    url = call.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.updates.webhook_url = url
    return _drop_pending_if_asked(world, call)


def delete_webhook(world: World, call: Call) -> bool:
    """Go back to polling."""
    world.updates.webhook_url = ""
    return _drop_pending_if_asked(world, call)


def _drop_pending_if_asked(world: World, call: Call) -> bool:
    """Drop what waits when the call says so."""
    if call.flag("drop_pending_updates"):
        world.updates.drop_pending()
    return True


def get_webhook_info(world: World, call: Call) -> dict[str, Any]:
    """Tell the address and how much waits."""
    return {
        "url": world.updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": world.updates.pending_count,
    }


def _kinds(call: Call) -> list[str]:
    kinds = call.structure("allowed_updates", "allowed updates")
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates JSON object")
    return [str(kind) for kind in kinds]
