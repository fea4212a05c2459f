from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: Django's 100 MiB times eight lanes let a wave of
    sign-ins on election morning exhaust the server's memory."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
