"""The rules of a USDT-margined futures venue as a machine in memory: no clock, no input or output.

Whoever owns a `TradingAccount` feeds it books, trades, marks and funding and passes the time in;
what happened comes out as events.
"""
