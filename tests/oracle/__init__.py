"""A brute-force answer to every question, to hold the engine against.

Plain Python: it loops over records and does what docs/kpis.md says, slowly. It shares with the
engine the frozen kinds and questions, and nothing that computes.
"""
