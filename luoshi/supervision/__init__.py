"""Instructions, notices, objections, verification and closing: what the office does about what was reported."""
