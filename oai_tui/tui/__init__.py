"""The wizard: everything that uses Textual, and nothing else."""
