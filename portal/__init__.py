"""The portal: people, tenants, permission and memory around the engine's numbers."""
