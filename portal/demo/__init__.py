"""The demo tenants: data sets that may be shown to anybody, and their KPIs as a scorecard."""
