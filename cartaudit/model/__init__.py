"""The vocabulary of cartaudit as immutable values; reads no file, clock or environment."""
