"""PostgreSQL and Redis out of the installed packages, for the demo and the tests."""
