"""oai-tui: diagnoses OpenAI API access.

It finds out why a call is refused, fixes it, proves it, and keeps the verified profile.
"""

__version__ = "0.1.0"
