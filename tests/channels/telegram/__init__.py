"""Telegram: what comes in, what goes out, and how each send ends."""
