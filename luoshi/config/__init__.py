"""The house's wiring: settings from the environment, the list of addresses, and the servers' entrances."""
