"""The door of the engine: `Engine(catalogue, …).ask(question)`."""
