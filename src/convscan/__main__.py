"""`python -m convscan` is `convscan`."""

from convscan.cli.main import main

if __name__ == "__main__":
    main()
