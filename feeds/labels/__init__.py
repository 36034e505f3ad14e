"""Who an address belongs to: exchange wallets and token contracts, kept by hand as data files."""

from feeds.labels.labels import ExchangeWallet, Labels, TokenContract, load_labels

__all__ = ["ExchangeWallet", "Labels", "TokenContract", "load_labels"]
