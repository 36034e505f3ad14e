"""The live bot and the backtest over the same candles: do they leave the same record?"""
