"""Data types of the core and pure functions over them; standard library only, no I/O."""
