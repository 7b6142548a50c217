"""The same of BigQuery: tags of its fields, masks in its SQL, and the fence around what it may not show."""
