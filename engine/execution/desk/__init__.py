"""Carries trades from the confirmation to the end: books, requests, answers, and watch over all."""
