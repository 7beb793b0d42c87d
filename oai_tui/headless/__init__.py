"""Running checks without a screen: key selection, deadlines, progress, output. No click commands."""
