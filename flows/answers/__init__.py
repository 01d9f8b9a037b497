"""Reading answers: one file a kind, each with its readers and the choices that are offered beside them."""
