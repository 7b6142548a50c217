"""What a process does beside its Calls: follows what operators put in force, counts, minds its clock."""
