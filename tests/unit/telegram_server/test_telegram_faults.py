"""Which calls a fault strikes."""

from tests.telegram_server import TelegramServer, retry_after
from tests.telegram_server.faults import FaultPlan, FaultRule

FLOOD = retry_after(1)


def struck(plan: FaultPlan, method: str = "sendMessage", chat_id: int = 1) -> bool:
    """Tell whether a call is spoilt."""
    return plan.striking(method, chat_id) is not None


def test_fault_strikes_its_number_of_times() -> None:
    plan = FaultPlan()
    rule = plan.order(FaultRule(fault=FLOOD, times=2, skip=1))

    assert [struck(plan) for _ in range(4)] == [False, True, True, False]
    assert rule.hits == 2


def test_fault_strikes_its_method_and_chat_only() -> None:
    plan = FaultPlan()
    plan.order(FaultRule(fault=FLOOD, method="sendMessage", chat_id=1, times=None))

    assert not struck(plan, method="sendPhoto")
    assert not struck(plan, chat_id=2)
    assert struck(plan)


def test_endless_fault_lasts_until_it_is_cancelled() -> None:
    plan = FaultPlan()
    rule = plan.order(FaultRule(fault=FLOOD, times=None))

    assert all(struck(plan) for _ in range(50))
    plan.cancel(rule)
    assert not struck(plan)


def test_clearing_takes_every_fault_back() -> None:
    plan = FaultPlan()
    plan.order(FaultRule(fault=FLOOD))
    plan.order(FaultRule(fault=FLOOD, method="getMe"))

    plan.clear()

    assert not struck(plan)
    assert not struck(plan, method="getMe")


def test_server_without_faults_strikes_nothing(server: TelegramServer) -> None:
    assert not struck(server.faults)
