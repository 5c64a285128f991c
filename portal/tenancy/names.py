"""The names that the embedded server's roles and database go by."""

SUPERUSER = "postgres"
"""Made with the data folder; makes the other two and does nothing else."""
OWNER = "portal_owner"
"""Owns the tables; upgrades run as it."""
APP = "portal_app"
"""What the portal connects as: it owns nothing and row-level security binds it."""
DATABASE = "portal"
