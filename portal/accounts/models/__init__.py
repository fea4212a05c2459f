from portal.accounts.models.feed import CalendarFeed
from portal.accounts.models.post import Post, Tenure
from portal.accounts.models.token import ApiToken
from portal.accounts.models.user import User

__all__ = ["ApiToken", "CalendarFeed", "Post", "Tenure", "User"]
