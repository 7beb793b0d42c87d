"""Where verified profiles are stored: the keyring or an encrypted file."""
