"""The HTTP door, asked as a browser, a script and an attacker ask it."""
