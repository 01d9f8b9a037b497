"""The web chat: a page for the telephone, its messages, and the page with the QR code that leads to it."""
