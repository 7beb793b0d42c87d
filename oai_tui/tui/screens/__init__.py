"""One screen per module, with a style sheet of the same name."""
