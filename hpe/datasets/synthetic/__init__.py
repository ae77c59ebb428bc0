"""The synthetic set: free bodies in procedural scenes, with exact labels, from a seed."""
