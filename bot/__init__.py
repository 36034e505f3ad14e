"""The Telegram room: words, pictures and buttons, and the worker that delivers them once."""
