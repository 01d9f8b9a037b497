"""What shows that 返岗通 works."""
