"""Observational coding of therapy sessions."""
