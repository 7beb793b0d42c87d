"""Probes: one question to the machine, the network or the API per file.

Every probe returns an Observation, whatever the outside world does. httpx is imported by
http_client.py alone.
"""
