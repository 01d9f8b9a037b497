"""Each channel against recorded payloads and a fake of its platform."""
