"""What is done without being asked: loads, refreshes and the closing of periods."""
