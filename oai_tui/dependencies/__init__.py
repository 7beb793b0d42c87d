"""Reads which packages a folder has installed, locked or required. Runs nothing, sends nothing."""
