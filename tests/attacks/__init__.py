"""Attacks on the portal: each is tried, each is refused, and nothing of another company is seen."""
