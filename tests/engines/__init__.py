"""The engines: who computes makes no difference to a number."""
