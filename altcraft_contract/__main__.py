"""`python -m altcraft_contract`: the command line."""

from altcraft_contract.cli import main

if __name__ == "__main__":
    main()
