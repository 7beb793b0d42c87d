"""The nouns of the house: frozen values, standard library only, no input or output."""
