"""Questions from the command line: what is answered, how it is said, and what is refused."""
