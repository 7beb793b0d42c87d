"""Where keys come from: the environment, files, commands, standard input."""
