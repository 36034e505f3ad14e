"""What the wallets that an operator follows did with a coin."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from domain.onchain import SmartMoneyReading
from domain.transfers import Transfer


def wallet_name(address: str) -> str:
    """An address as it is compared: chains differ in whether case matters, lists in keeping it."""
    return address.strip().lower()


def smart_money_reading(
    transfers: Iterable[Transfer], wallets: Collection[str], least_usd: float
) -> SmartMoneyReading:
    """Wallets that took in, or gave away, more than a least value net; from whom is all the same.

    `wallets` are names as `wallet_name` gives them.
    """
    net_usd: defaultdict[str, int] = defaultdict(int)
    for transfer in transfers:
        net_usd[wallet_name(transfer.receiver.address)] += round(transfer.usd)
        net_usd[wallet_name(transfer.sender.address)] -= round(transfer.usd)
    nets = [net for wallet, net in net_usd.items() if wallet in wallets]
    return SmartMoneyReading(
        watched=len(wallets),
        buyers=sum(net >= least_usd for net in nets),
        sellers=sum(net <= -least_usd for net in nets),
    )
