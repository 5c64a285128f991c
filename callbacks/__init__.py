"""What happens when somebody opens a page or presses something: thin, and each with a permission.

A callback or a page reads the address, asks one service, and hands its read model to a layout.
"""
