"""oai-tui: find out why an OpenAI API call is refused, fix it, prove it, and keep the verified profile."""

__version__ = "0.1.0"
