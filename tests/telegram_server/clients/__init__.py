"""Three independent Bot API clients behind one face, to keep the server honest.

A server shaped to one library would pass that library's tests; this one must satisfy aiogram,
python-telegram-bot and bare HTTP alike.
"""

from tests.telegram_server.clients.aiogram_client import AiogramClient
from tests.telegram_server.clients.face import BotClient, Buttons, SeenMessage, SeenUpdate
from tests.telegram_server.clients.ptb_client import PtbClient
from tests.telegram_server.clients.raw_client import RawClient

__all__ = [
    "AiogramClient",
    "BotClient",
    "Buttons",
    "PtbClient",
    "RawClient",
    "SeenMessage",
    "SeenUpdate",
]
