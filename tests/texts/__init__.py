"""Sentences, values in words, and rendering."""
