"""Where records come from: files in many shapes, read as streams of rows, and their maps."""
