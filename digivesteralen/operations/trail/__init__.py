"""The history and the acts as pages: of one thing, and of a collaboration."""
