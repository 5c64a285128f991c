"""Drawing: read models in, components out. Nothing here reads data, a request or a clock."""
