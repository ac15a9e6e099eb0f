"""Door: the command line, ``luoshi read|schema|explain|serve|demo|…``."""
