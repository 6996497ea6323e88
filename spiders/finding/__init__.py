"""From an address to a source file: what to ask, what the answers offer, which kind to choose, and the yml to review."""
