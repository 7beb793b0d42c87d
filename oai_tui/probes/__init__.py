"""How we ask: one topic per file; httpx lives in wire.py alone. Every probe returns an Observation, whatever the outside world does."""
