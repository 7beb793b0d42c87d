"""How a profile gets to a program, and a key out of a .env file."""
