"""Network lab: faults on loopback, over real sockets and real proxies.

A walk through each of them must select its cause.
"""
