"""A small honest API on which the doctor can be tried: worlds as data, an ASGI app that evaluates them, and faults of the network. It knows nothing about causes' signs."""
