"""The listen key of an account: ask for it, renew it, give it up."""

from typing import Final

from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.trading.rest.endpoint import Access, Answer, PrivateEndpoint
from exchanges.simulator.trading.stream.listen_keys import ListenKeys
from exchanges.simulator.trading.trader import Trader

_PATH: Final = "/fapi/v1/listenKey"


def listen_key_endpoints(listen_keys: ListenKeys) -> list[PrivateEndpoint]:
    """Endpoints that need the key of the account and no signature."""

    def ask(trader: Trader, _: Query) -> dict[str, str]:
        return {"listenKey": listen_keys.ask(trader.account.api_key)}

    def renew(trader: Trader, _: Query) -> dict[str, str]:
        listen_key = listen_keys.renew(trader.account.api_key)
        if listen_key is None:
            raise VenueError(-1125, "This listenKey does not exist.")
        return {"listenKey": listen_key}

    def end(trader: Trader, _: Query) -> dict[str, str]:
        listen_keys.end(trader.account.api_key)
        return {}

    answers: tuple[tuple[str, Answer], ...] = (("POST", ask), ("PUT", renew), ("DELETE", end))
    return [
        PrivateEndpoint(method=method, path=_PATH, answer=answer, access=Access.KEY)
        for method, answer in answers
    ]
