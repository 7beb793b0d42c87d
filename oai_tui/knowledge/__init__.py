"""What we know: the tree, the causes, the shapes of keys, links and models. Pure data; imports the nouns only."""
