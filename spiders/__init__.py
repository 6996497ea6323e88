"""Where from: one spider a kind of source, politeness, cursors, extraction, the privacy gate."""
