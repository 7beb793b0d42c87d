"""Checks of the connection below HTTP: names, sockets, proxies, TLS, and its phases."""
