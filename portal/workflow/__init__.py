"""Workflows: each one table of states and moves, which the guard and the page's buttons read."""
