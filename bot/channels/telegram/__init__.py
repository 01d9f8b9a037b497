"""Telegram, through the Bot API: by long polling or by webhook."""
