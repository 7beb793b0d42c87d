"""Runs checks without a screen: options, key selection, deadlines, progress, output."""
