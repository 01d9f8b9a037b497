"""Conversations, declared as data; the engine that advances them; the reading of answers. All of it pure."""
