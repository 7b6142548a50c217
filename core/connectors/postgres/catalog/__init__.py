"""What is known of a database: its catalogs as they were loaded, and how one sees that they changed."""
