"""The settings: one typed tree out of the environment, `.env` and the strategy file."""

from app.settings.loading import load_settings
from app.settings.secret_texts import secrets_of
from app.settings.tree import Settings

__all__ = ["Settings", "load_settings", "secrets_of"]
