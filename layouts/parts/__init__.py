"""The parts that pages are put together from; one look for all of them."""
