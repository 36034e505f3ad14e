"""The composition root: settings, logging, wiring, jobs, the clock and the command line.

The one room that knows every concrete class. Nobody imports it.
"""
