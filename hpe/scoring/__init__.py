"""Stored predictions and what a protocol card makes of them: errors a person, without any network."""
