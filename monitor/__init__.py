"""The port on which operators watch a process: numbers, health, each Source by name."""
