"""Which columns carry which tag, what a mask is in SQL, and the second net for free text; pure."""
