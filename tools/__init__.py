"""Programs for who works on the portal; none of them is part of it."""
