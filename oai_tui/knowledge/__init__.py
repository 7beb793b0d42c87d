"""The knowledge of the program as data: decision tree, causes, key shapes, links, models.

Imports domain only.
"""
