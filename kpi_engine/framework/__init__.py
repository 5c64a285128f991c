"""Rules on a set of KPIs: whether it is balanced, owned, used, and bears its own weight."""
