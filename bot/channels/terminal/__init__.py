"""The conversation in a terminal (`fangang chat`), for support and for tests."""
