"""The words of observational coding as plain objects and decisions; standard library only."""
