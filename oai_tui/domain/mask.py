"""What stands where a secret stood."""

MASK = "[key hidden]"
