"""The KPIs that ship, and the pages that tell of them."""
