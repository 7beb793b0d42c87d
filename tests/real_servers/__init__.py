"""Real third-party servers on loopback ports, for tests of what a client sees of them.

Each module starts one product. Every function that starts a server is a context manager: it
yields a `Running` once the port takes connections, and ends the whole process group afterwards.
`install.py` installs what does not come from Debian.
"""
