"""Delivery: what is claimed and when, how sends end, and the one sender of a channel."""
