"""The two places messages can go to: Telegram, or this terminal."""

import sys
from pathlib import Path

from rich.console import Console

from app.outlet import Outlet, OutletParts
from app.settings.sections import TelegramSettings
from bot.delivery_parameters import DeliveryParameters
from bot.terminal import TerminalMessenger
from bot.terminal_buttons import TerminalButtons, TerminalPresses, TerminalReader
from domain.errors import ConfigurationError

_CHARTS = Path("var/charts")
_UNLIMITED = DeliveryParameters(chat_interval=0, group_per_minute=1_000_000, overall_interval=0)
"""A terminal takes everything at once."""


def open_terminal_outlet(parts: OutletParts, console: Console) -> Outlet:
    """Print the same texts; typed numbers press the buttons."""
    buttons = TerminalButtons()
    presses = TerminalPresses(
        console=console, buttons=buttons, use_cases=parts.use_cases, charts=_CHARTS
    )
    return Outlet(
        messenger=TerminalMessenger(console, buttons),
        delivery=_UNLIMITED,
        tasks={"terminal": TerminalReader(sys.stdin, presses).run},
    )


def open_telegram_outlet(
    parts: OutletParts, settings: TelegramSettings, delivery: DeliveryParameters
) -> Outlet:
    """Send through the Bot API and listen for commands and presses."""
    # Here, for aiogram takes seconds to import that the terminal must not pay.
    from bot.application import TelegramApplication
    from bot.telegram import TelegramMessenger, make_bot

    if settings.bot_token is None or settings.channel_id is None:
        raise ConfigurationError("Telegram needs TELEGRAM_BOT_TOKEN and TELEGRAM_CHANNEL_ID")
    bot = make_bot(settings.bot_token.get_secret_value(), settings.api_url)
    telegram = TelegramApplication(
        bot=bot, use_cases=parts.use_cases, presenter=parts.presenter, clock=parts.clock
    )

    async def close() -> None:
        await telegram.stop()
        await bot.session.close()

    return Outlet(
        messenger=TelegramMessenger(bot, settings.channel_id),
        delivery=delivery,
        tasks={"telegram": telegram.run},
        close=close,
    )
