"""Domain values to Telegram HTML. Pure: no clock, no I/O, no Telegram library."""
