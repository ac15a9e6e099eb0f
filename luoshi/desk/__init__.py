"""Door: pages for those who work here."""
