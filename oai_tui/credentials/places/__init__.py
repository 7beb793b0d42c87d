"""Places outside this machine to which a key is copied, with the vendor's own program."""
