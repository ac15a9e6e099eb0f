"""luoshi (落实): from a published 责任分解 to a year that can be followed."""

__version__ = "0.1.0"
