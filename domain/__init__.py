"""The rules of organised return transport: people, places, days, trips, telling people; no input or output."""
