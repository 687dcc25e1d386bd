"""Run cartaudit as `python -m cartaudit`."""

from cartaudit.cli import main

if __name__ == "__main__":
    main()
