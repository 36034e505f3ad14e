"""Whose money it is: who may trade, in which mode, with which account, within which limits."""
