"""The face: everything that draws on a terminal, and nothing else. It shows what the engine tells and carries the person's answers back."""
