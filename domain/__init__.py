"""The vocabulary of Quorum. Standard library only: no I/O, no clock, no outside package."""
