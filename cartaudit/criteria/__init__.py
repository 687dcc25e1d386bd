"""The language of checklists: what a criterion may say, what it reads, what is in force, and what it comes to."""
