"""Where keys come from, and where verified profiles live."""
