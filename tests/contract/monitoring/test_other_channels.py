"""Notices through Apprise as it is, over real sockets: taken, refused, unreachable, slow.

The servers run on the loop that sends: they could not answer if the sending blocked it.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from domain.errors import ConfigurationError, NotifyingError
from engine.monitoring.values import Severity
from monitoring.apprise_notifier import AppriseNotifier
from tests.contract.monitoring.mail_server import MailServer, listening_mail_server
from tests.contract.monitoring.webhook import (
    PASSWORD,
    TOKEN,
    Webhook,
    endless_answer,
    listening_webhook,
)
from tests.unit.monitoring.notices import notice


class RootLog(logging.Handler):
    """What reaches the root of all loggers, where the bot's own log is fed from.

    pytest's `caplog` also hears loggers that pass nothing on.
    """

    def __init__(self) -> None:
        super().__init__(level=1)
        self.names: list[str] = []
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.names.append(record.name)
        self.text += self.format(record) + "\n"


@pytest.fixture
def root_log() -> Iterator[RootLog]:
    root, log = logging.getLogger(), RootLog()
    level = root.level
    root.addHandler(log)
    root.setLevel(1)
    yield log
    root.setLevel(level)
    root.removeHandler(log)


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    async with listening_webhook() as webhook:
        yield webhook


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with listening_mail_server() as mail:
        yield mail


def _nobody_listens() -> str:
    """An address of this machine at which nothing listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    return f"json://operator:{PASSWORD}@127.0.0.1:{port}/hooks/{TOKEN}"


def _mail_address(mail: MailServer) -> str:
    return (
        f"mailto://bot%40quorum.test:{PASSWORD}@127.0.0.1:{mail.port}"
        "?from=bot@quorum.test&to=operator@quorum.test&mode=insecure"
    )


async def test_several_notices_are_one_message(webhook: Webhook) -> None:
    notifier = AppriseNotifier([webhook.address])

    await notifier.send([notice("disk", Severity.WARNING), notice("database")])

    (taken,) = webhook.taken
    assert taken["title"] == "Quorum: CRITICAL, database and 1 more"
    assert taken["type"] == "failure"
    assert taken["message"].startswith("CRITICAL: database (2026-03-02 12:00:30 UTC)\nIt does not")
    assert "WARNING: disk" in taken["message"]


async def test_the_end_of_a_trouble_is_good_news(webhook: Webhook) -> None:
    await AppriseNotifier([webhook.address]).send([notice(is_resolved=True)])

    (taken,) = webhook.taken
    assert taken["type"] == "success"
    assert taken["title"] == "Quorum: RESOLVED, database"


async def test_a_text_goes_out_as_it_is(webhook: Webhook) -> None:
    odd = "a < b & c > d, <b>not bold</b>, :tada: \\n ${HOME} *stars* _lines_ ünï 🙂"

    await AppriseNotifier([webhook.address]).send([notice(text=odd)])

    assert odd in webhook.taken[0]["message"]


async def test_a_text_too_long_for_a_service_goes_out_in_parts(webhook: Webhook) -> None:
    numbers = [str(number) for number in range(10_000)]

    await AppriseNotifier([webhook.address]).send([notice(text=" ".join(numbers))])

    assert len(webhook.taken) > 1
    told = " ".join(taken["message"] for taken in webhook.taken)
    assert set(numbers) <= set(told.split())


async def test_nothing_to_tell_sends_nothing(webhook: Webhook) -> None:
    await AppriseNotifier([webhook.address]).send([])

    assert not webhook.taken


async def test_a_notifier_without_addresses_says_that_nobody_was_told() -> None:
    with pytest.raises(NotifyingError):
        await AppriseNotifier([]).send([notice()])


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_refusal_is_an_error_with_the_scheme_and_the_status(
    webhook: Webhook, status: int
) -> None:
    webhook.status = status

    with pytest.raises(NotifyingError, match=rf"\(json: answered with HTTP status {status}\)"):
        await AppriseNotifier([webhook.address]).send([notice()])


async def test_nobody_listening_is_an_error_with_the_scheme() -> None:
    with pytest.raises(NotifyingError, match=r"\(json: not reached, or it refused\)"):
        await AppriseNotifier([_nobody_listens()]).send([notice()])


async def test_one_channel_that_takes_it_is_enough(webhook: Webhook) -> None:
    with capture_logs() as logged:
        await AppriseNotifier([_nobody_listens(), webhook.address]).send([notice()])

    assert len(webhook.taken) == 1
    assert [(one["event"], one["channel"]) for one in logged] == [
        ("channel took no notice", "json")
    ]


async def test_a_channel_that_does_not_answer_is_given_up(webhook: Webhook) -> None:
    webhook.silence = asyncio.Event()
    notifier = AppriseNotifier([webhook.address], patience_seconds=2.0)

    with pytest.raises(NotifyingError, match=r"json: not reached, or it refused"):
        await notifier.send([notice()])

    assert webhook.came.is_set()


async def test_a_channel_that_answers_without_end_is_given_up() -> None:
    async with endless_answer() as port:
        notifier = AppriseNotifier([f"json://127.0.0.1:{port}/"], patience_seconds=0.8)

        # On a machine that stands still for a while the socket's own patience may end first.
        with pytest.raises(NotifyingError, match=r"json: (no answer within 0\.8 s|not reached)"):
            await notifier.send([notice()])


async def test_a_slow_channel_does_not_keep_it_from_the_others(webhook: Webhook) -> None:
    async with listening_webhook() as slow:
        slow.silence = asyncio.Event()
        notifier = AppriseNotifier([slow.address, webhook.address], patience_seconds=2.0)
        sending = asyncio.create_task(notifier.send([notice()]))

        await asyncio.wait_for(webhook.came.wait(), 5.0)
        assert not sending.done()
        await sending


async def test_a_mail_is_plain_text_with_the_title_as_its_subject(mail: MailServer) -> None:
    await AppriseNotifier([_mail_address(mail)]).send([notice(text="a < b & c")])

    (taken,) = mail.taken
    assert taken["Subject"] == "Quorum: CRITICAL, database"
    assert "operator@quorum.test" in taken["To"]
    assert {part.get_content_type() for part in taken.walk()} == {"text/plain"}
    assert "a < b & c" in taken.get_content()


async def test_a_mail_server_that_refuses_the_login_is_an_error(mail: MailServer) -> None:
    mail.refuses_login = True

    with pytest.raises(NotifyingError, match="mailto: not reached, or it refused"):
        await AppriseNotifier([_mail_address(mail)]).send([notice()])


async def test_no_address_reaches_the_log_or_an_error(
    webhook: Webhook, mail: MailServer, root_log: RootLog
) -> None:
    webhook.status, mail.refuses_login = 500, True
    addresses = [webhook.address, _mail_address(mail), _nobody_listens()]

    with pytest.raises(NotifyingError) as nobody:
        await AppriseNotifier(addresses).send([notice()])

    told = f"{nobody.value!r} {nobody.value.__cause__!r} {root_log.text}"
    for secret in (PASSWORD, TOKEN, "127.0.0.1", "quorum.test", str(webhook.port)):
        assert secret not in told
    assert "json" in told


async def test_levels_that_are_set_later_let_no_address_into_the_log(
    webhook: Webhook, root_log: RootLog
) -> None:
    notifier = AppriseNotifier([webhook.address])
    talkative = [logging.getLogger(name) for name in ("apprise", "urllib3")]

    for logger in talkative:
        logger.setLevel(1)
    await notifier.send([notice()])
    for logger in talkative:
        logger.setLevel(logging.WARNING)

    assert TOKEN not in root_log.text
    assert not [name for name in root_log.names if name.startswith(("apprise", "urllib3"))]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"nonsense://operator:{PASSWORD}@example.test/{TOKEN}", "which begins with nonsense://"),
        (f"discord://{TOKEN}", "which begins with discord://"),
        (f"operator:{PASSWORD}@example.test", "does not begin with a scheme"),
        (f"https://{PASSWORD}.example.test/{TOKEN}", "which begins with https://"),
        ("", "does not begin with a scheme"),
    ],
)
def test_an_address_that_makes_no_sense_is_named_by_scheme_and_place(
    address: str, shown: str, root_log: RootLog
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        AppriseNotifier(["json://127.0.0.1/", address])

    text = str(refused.value)
    assert "NOTIFY_URLS: address 2" in text
    assert shown in text
    for secret in (PASSWORD, TOKEN, "example.test"):
        assert secret not in text + root_log.text
