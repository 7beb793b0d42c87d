"""The text of keys: the type that holds one, its prefixes, defects and encodings, and redaction."""
