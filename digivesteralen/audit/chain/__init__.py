"""The chain over the history (security.md T43): sealed each night, told outside the database, proven by a command."""
