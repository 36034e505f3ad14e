"""The sentiment layer: fear and greed, talk, the regime of the market, and markets outside."""
