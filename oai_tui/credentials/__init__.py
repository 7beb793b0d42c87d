"""Where keys come from, where profiles are stored, and how a profile gets to a program."""
