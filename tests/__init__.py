"""Proof: mirrors the tree."""
