"""How we reason: pure functions and one generator over the nouns. No network, no keyring, no words of its own."""
