"""The sample day as real sites on loopback: a portal, a board, a microblog, an institution and five broken sources."""
