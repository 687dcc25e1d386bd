"""Many centres in one run: isolated, resumable, rolled up."""
