"""Speech to words with times and speakers; the heavy libraries are loaded only when they are used."""
