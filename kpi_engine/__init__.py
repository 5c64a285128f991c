"""What a number means, and how to get it: knows no web, no ORM and no portal."""
