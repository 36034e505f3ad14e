"""The readiness gate: what a backtest must have shown before a playbook trades with real money."""
