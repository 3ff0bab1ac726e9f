"""Reward rules as typed data: read, checked, said in a sentence."""
