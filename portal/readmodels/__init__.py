"""What a page says: frozen text and series, ready to be drawn, with nothing left to work out."""
