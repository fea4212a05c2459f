from portal.accounts.hashers import Argon2


class LightArgon2(Argon2):
    """The portal's, as cheap as Argon2 can be: the tests make people by the hundred."""

    time_cost = 1
    memory_cost = 8
