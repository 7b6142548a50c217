"""What was never run against Google's own service, run there by whoever has a project, and pays for it."""
