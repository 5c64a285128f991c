"""What people are told: rules, times, the inbox, digests, and the jobs behind them."""
