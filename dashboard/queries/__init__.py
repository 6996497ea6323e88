"""Reads behind the pages: a fixed number of queries each, values out."""
