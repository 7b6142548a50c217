"""The Home tab of each person, what is owed there, and reminders."""
