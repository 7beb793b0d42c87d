"""The laboratory: faults of the network on loopback, over real sockets and real proxies, each with the cause it must be found to have."""
