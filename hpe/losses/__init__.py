"""Loss terms, one a file, all called as `loss(prediction, batch)`."""
