"""Trips, seats, reminders and notices, on both databases."""
