"""`python -m harvester` is the same command as `oai-mirror`."""

from harvester.cli import main

if __name__ == "__main__":
    main()
