"""Conversations, whole: transcripts that a person can read, random ones, and what must never be found in the files."""
