"""The file as received, its reading, and the corrections people made to it."""
