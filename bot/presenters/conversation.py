"""What the bot says in private: greetings, help, confirmations, refusals."""

from collections.abc import Mapping

from bot.presenters.markup import bold
from bot.presenters.page import Line, fit
from bot.presenters.status_report import pause_line
from bot.presenters.wording import sentence
from domain.access import Role
from domain.trading_state import PauseState
from engine.commands import Resumption

PUBLIC_COMMANDS = {
    "start": "what this bot does",
    "help": "all commands",
    "open": "signals that are live now",
    "signal": "one signal: /signal 12",
    "why": "the reasons: /why 12 or /why BTC",
    "stats": "track record: /stats, /stats month, /stats pair week",
    "pnl": "results day by day, equity curve: /pnl week",
    "winrate": "how often it wins, and how sure that is: /winrate month",
    "drawdown": "how bad it got, and how it stands now",
    "report": "the newest report: /report day, week or month",
    "verify": "check the record yourself",
}
"""Commands for everyone with what the command list says about them."""

TRADER_COMMANDS = {
    "positions": "what you hold, what it is worth, what protects it",
    "close": "close one pair at market: /close BTC",
    "close_all": "close everything at market",
    "cancel": "call off entries and offers that are not filled",
    "limits": "how much you risk: /limits 50 3",
    "connect": "connect your own exchange account",
    "disconnect": "erase your key",
}
"""Commands for traders with what the command list says about them."""

ADMIN_COMMANDS = {
    "status": "health, queue, last decision",
    "health": "all of /status, and every source of outside data",
    "heat": "what is at risk now, against the caps",
    "breakers": "what stands in the way, and whether it is right: /breakers month",
    "pause": "issue no new signals: /pause reason",
    "resume": "issue signals again",
    "mode": "what a press leads to: /mode off, paper or live",
    "config": "which parameters are in force, and where they come from",
}
"""Commands for operators with what the command list says about them."""

UNKNOWN_INPUT = "I don't know that one. /help lists what I do."
ADMIN_ONLY = "🔒 This command is for operators of this bot. /help lists what is open to you."
PRIVATE_ONLY = "🔒 Operator commands work in a private chat with me only."
TOO_FAST = "🐢 That was too fast. Please try again in a few seconds."
STALE_BUTTON = "This button is no longer active."
WRONG_CODE = "This code is not valid (any more). Codes are printed when the bot starts."
PAIRED = "🔑 You are an operator now. /status tells how things stand, /help what you can do."
FAILED = "❗ Something went wrong on my side. It is logged, nothing was changed by halves."
TRY_LATER = "⏳ The data for this is not available right now. Please try again in a minute."
STORAGE_AWAY = (
    "❗ My database is away just now, so nothing was kept. /close_all works all the same."
)
KEY_REFUSED = (
    "🔑 The exchange refuses the key, its IP address or what it is used for. /connect explains"
    " which key to make."
)
NOT_FOUND = "I know no such signal or pair. /open lists what is live."
ALREADY_SETTLED = "Already settled."
RESEND_QUEUED = "Queued again."
MARKED_ARRIVED = "Marked as arrived."
CHART_ON_ITS_WAY = "The chart is on its way."
CHART_FAILED = "The chart could not be drawn this time; here is the setup in words."
WHY_USAGE = "Which one? /why 12 for a signal, /why BTC for the newest decision on a pair."
SIGNAL_USAGE = "Which one? For example /signal 12"
STATS_USAGE = (
    "How long back, or by what? For example /stats month, /stats 14 (days), /stats pair week."
)
REPORT_USAGE = "Which one? /report day, /report week or /report month."
PICTURE_FAILED = "The picture could not be drawn this time."


_INTRODUCTION = f"""👋 {bold("Quorum")} watches crypto perpetuals and speaks up only when
independent layers of data agree.

Signals come to the channel with entry, stop, targets and reasons. Every one is followed in public
to its end, won or lost, and kept in a record that anyone can check."""


def greeting(role: Role) -> str:
    """The answer to /start."""
    return f"{_flowing(_INTRODUCTION)}\n\n{help_text(role)}"


def picture_not_saved(reason: str) -> str:
    """The answer where the disk takes no picture: "File exists", "No space left on device"."""
    return f"❗ The picture could not be saved: {sentence(reason)}"


def help_text(role: Role) -> str:
    """The answer to /help: what this user can do."""
    lines = [_command_line(name, text) for name, text in PUBLIC_COMMANDS.items()]
    if role in {Role.TRADER, Role.ADMIN}:
        lines += _section("Traders", TRADER_COMMANDS)
    if role is Role.ADMIN:
        lines += _section("Operators", ADMIN_COMMANDS)
    return "\n".join(lines)


def resumed(resumption: Resumption) -> str:
    """The answer to /resume: whether signals are issued again, and what still forbids it."""
    if not resumption.held:
        return pause_line(resumption.pause)
    lines = [
        Line(f"⛔ {bold('Not paused any more, but no new signals yet')}"),
        *(Line(f"   • {sentence(words)}", spare=1) for words in resumption.words),
    ]
    return fit(lines)


def period_usage(command: str) -> str:
    """What may stand behind a command that takes a period."""
    return (
        f"How long back? day, week, month, all or a number of days, for example"
        f" /{command} week or /{command} 14."
    )


def paused(pause: PauseState) -> str:
    """The answer to /pause: what stops and what goes on."""
    return f"{pause_line(pause)}\nLive signals are still followed to their end. /resume goes on."


def _section(title: str, commands: Mapping[str, str]) -> list[str]:
    return ["", bold(title), *(_command_line(name, text) for name, text in commands.items())]


def _command_line(name: str, text: str) -> str:
    return f"/{name} · {text}"


def _flowing(text: str) -> str:
    """Paragraphs on one line each, as a chat wraps them itself."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
