"""One tenant at a time: the database, and sessions that cannot see another tenant.

Two walls stand behind each other. The session asks only through mapped classes and adds the
tenant to every question; the database's row-level security refuses whatever slips past it.
"""
