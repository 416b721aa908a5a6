"""The pieces of scripts/make_demo.py: dialogue, voices, mixing, word times, observers' passes."""
