"""Telling what a number says from what chance does to it: control limits and intervals."""
