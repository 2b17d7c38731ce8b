"""Who may see whose work and have a calendar of it: decided on accounts and teams."""

from safeconduct.accounts.policies import Refused as Refused
from safeconduct.accounts.policies import allows as allows
from safeconduct.accounts.policies import of_account as of_account
from safeconduct.accounts.policies import of_team as of_team
from safeconduct.accounts.policies import require as require
