"""Helpers over the operating system; standard library only."""
