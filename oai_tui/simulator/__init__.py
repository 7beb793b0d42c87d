"""A simulated OpenAI API: worlds as data, an ASGI app that answers from them, and network faults.

It does not import knowledge/: it must not be written from the symptoms that it tests.
"""
