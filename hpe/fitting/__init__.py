"""Bodies fitted to 2D joints: SMPLify on pictures and on clips."""
