"""Decide what an observation means: pure functions over the data types, and one generator.

No network, no keyring, no texts of its own.
"""
