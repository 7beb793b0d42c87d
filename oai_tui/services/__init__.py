"""The composition root, and what both front ends call."""
