"""Levels, costs, size, heat and breakers, over an explicit state. Pure, and money is Decimal."""
