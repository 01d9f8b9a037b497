"""What the service does: one function a use case, one transaction each."""
